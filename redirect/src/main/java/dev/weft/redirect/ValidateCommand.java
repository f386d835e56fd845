package dev.weft.redirect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Proves that what this network namespace sends is redirected: connects to an address where nobody
 * is, and expects to reach itself (facts/injector-and-install.md §13). Changes nothing.
 */
final class ValidateCommand {
  /** The exit code for a namespace that is not redirected; a repair controller knows it. */
  static final int EXIT_NOT_REDIRECTED = 95;

  private static final int TOKEN_BYTES = 64;
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final Flags.Known FLAGS =
      new Flags.Known(
          Set.of("connect-addr", "listen-addr", "timeout", "log-format", "log-level"),
          Set.of(),
          Map.of());

  private final Log log;
  private final InetSocketAddress connect;
  private final InetSocketAddress listen;
  private final Duration limit;

  private ValidateCommand(Flags flags, Map<String, String> environment) {
    log =
        Log.of(
            flags.text(
                "log-level",
                environment.getOrDefault("LINKERD_NETWORK_VALIDATOR_LOG_LEVEL", "info")),
            flags.text(
                "log-format",
                environment.getOrDefault("LINKERD_NETWORK_VALIDATOR_LOG_FORMAT", "plain")));
    connect = address(flags.text("connect-addr", "192.0.2.2:1404"));
    listen = address(flags.text("listen-addr", "0.0.0.0:4140"));
    limit = Durations.parse(flags.text("timeout", "10s"));
  }

  /** Returns the exit code: 0, or 95 where the proof fails for whatever reason. */
  static int run(List<String> words, Map<String, String> environment) {
    ValidateCommand command = new ValidateCommand(Flags.parse(words, FLAGS), environment);
    // A validator that is told to end has proved nothing.
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(command::stopped));
    return command.validate();
  }

  private volatile boolean done;

  private void stopped() {
    if (!done) {
      Runtime.getRuntime().halt(EXIT_NOT_REDIRECTED);
    }
  }

  private int validate() {
    String cause;
    try (ServerSocket server = new ServerSocket()) {
      server.setReuseAddress(true);
      server.bind(listen);
      log.info("listening on " + listen + ", connecting to " + connect);
      byte[] token = token();
      Thread.ofVirtual().start(() -> serve(server, token));
      byte[] heard =
          CompletableFuture.supplyAsync(this::ask, Thread::startVirtualThread)
              .get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (Arrays.equals(token, heard)) {
        log.info("validated: traffic of this pod is redirected to port " + listen.getPort());
        done = true;
        return 0;
      }
      cause = "someone else answered at " + connect;
    } catch (IOException e) {
      cause = "cannot listen on " + listen + ": " + e.getMessage();
    } catch (ExecutionException e) {
      cause = String.valueOf(e.getCause().getMessage());
    } catch (TimeoutException _) {
      cause = "no answer from " + connect + " within " + limit.toMillis() + " ms";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      cause = "interrupted";
    }
    log.error(
        "traffic of this pod is not redirected to its proxy; cause: "
            + cause
            + "; fix: see that the CNI plugin is installed on this node and ran before this pod was"
            + " created, then delete the pod");
    done = true;
    return EXIT_NOT_REDIRECTED;
  }

  private void serve(ServerSocket server, byte[] token) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write(token);
      } catch (IOException e) {
        log.debug("accept: " + e.getMessage());
      }
    }
  }

  private byte[] ask() {
    try (Socket socket = new Socket()) {
      socket.connect(connect, Math.toIntExact(Math.min(limit.toMillis(), Integer.MAX_VALUE)));
      log.debug("connected from " + socket.getLocalSocketAddress());
      return socket.getInputStream().readNBytes(TOKEN_BYTES);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(connect + ": " + e.getMessage(), e);
    }
  }

  private static byte[] token() {
    StringBuilder token = new StringBuilder();
    SecureRandom random = new SecureRandom();
    while (token.length() < TOKEN_BYTES - 1) {
      token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return token.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, Math.max(colon, 0)).replaceAll("[\\[\\]]", "");
      return new InetSocketAddress(
          InetAddress.ofLiteral(host), Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw Flags.refused(
          "address '" + text + "'", String.valueOf(e.getMessage()), "1.1.1.1:20001, or [::]:4140");
    }
  }
}

package dev.weft.proxy.http.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ResponseListener;
import dev.weft.proxy.http.ServerExchange;
import dev.weft.proxy.testing.TestMesh;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both connections on real sockets, a plain client before and a plain server behind them. */
@Timeout(60)
class Http1SocketTest {
  private static final int KIB = 1024;
  private static final int BODY_BYTES = 24 * KIB * KIB;

  /** In flight by the settings, one read beyond it, and the same again for slack. */
  private static final long MAX_HELD_BYTES = 256 * KIB;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    // Quiet for a moment first: what a closing channel does later must still find its loop.
    loops.shutdownGracefully(50, 5_000, TimeUnit.MILLISECONDS).sync();
    threads.shutdownNow();
  }

  private Channel listen(ExchangeHandler handler) throws Exception {
    return listen(handler, null);
  }

  private Channel listen(ExchangeHandler handler, @Nullable MeshTls tls) throws Exception {
    Class<? extends ServerChannel> type =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    Channel listener =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls != null) {
                      channel.pipeline().addLast(tls.serverHandler(channel.alloc(), false));
                    }
                    channel
                        .pipeline()
                        .addLast(new Http1ServerConnection(handler, Http1Settings.DEFAULT));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    open.add(() -> listener.close().sync());
    return listener;
  }

  /** A connected channel that nothing reads yet. */
  private Channel dial(InetSocketAddress to, ChannelHandler handler) throws Exception {
    return new Bootstrap()
        .group(loops)
        .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .handler(handler)
        .connect(to)
        .sync()
        .channel();
  }

  private Socket client(Channel listener) throws IOException {
    InetSocketAddress to = (InetSocketAddress) listener.localAddress();
    Socket socket = new Socket(to.getAddress(), to.getPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    open.add(socket);
    return socket;
  }

  private ServerSocket origin() throws IOException {
    ServerSocket origin = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    open.add(origin);
    return origin;
  }

  private static InetSocketAddress address(ServerSocket origin) {
    return (InetSocketAddress) origin.getLocalSocketAddress();
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads to the end of a head. */
  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("end of stream after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void write(OutputStream out, int bytes) throws IOException {
    byte[] block = new byte[64 * KIB];
    for (int left = bytes; left > 0; left -= block.length) {
      out.write(block, 0, Math.min(left, block.length));
    }
    out.flush();
  }

  private static void skip(InputStream in, int bytes) throws IOException {
    in.skipNBytes(bytes);
  }

  /** Passes exchanges on to one connection each, and counts what it holds. */
  private static final class Relay implements ExchangeHandler {
    final InetSocketAddress to;
    private final @Nullable MeshTls tls;
    final AtomicLong requestBytes = new AtomicLong();
    final AtomicLong responseBytes = new AtomicLong();
    volatile long mostHeld;
    private long held;

    Relay(InetSocketAddress to) {
      this(to, null);
    }

    /** Speaks mesh TLS to a peer called {@code api}. */
    Relay(InetSocketAddress to, @Nullable MeshTls tls) {
      this.to = to;
      this.tls = tls;
    }

    private void hold(int bytes) {
      held += bytes;
      mostHeld = Math.max(mostHeld, held);
    }

    @Override
    public RequestListener onRequest(RequestHead head, ServerExchange server, boolean end) {
      RelayedExchange exchange = new RelayedExchange(this, server);
      Http1ClientConnection connection =
          new Http1ClientConnection(Http1Settings.DEFAULT, ConnectionListener.NONE);
      new Bootstrap()
          .channel(server.connection().channel().getClass())
          .group(server.connection().channel().eventLoop())
          .option(ChannelOption.AUTO_READ, false)
          .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
          .handler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                  if (tls != null) {
                    channel
                        .pipeline()
                        .addLast(
                            tls.clientHandler(channel.alloc(), "api", PeerId.dns("api"), false));
                  }
                  channel.pipeline().addLast(connection);
                }
              })
          .connect(to)
          .addListener(_ -> exchange.start(connection.open(head, end, exchange.response)));
      return exchange;
    }
  }

  private static final class RelayedExchange implements RequestListener {
    final ResponseListener response = new Response();
    private final Relay relay;
    private final ServerExchange server;
    private final List<Runnable> waiting = new ArrayList<>();
    private @Nullable ClientExchange client;

    RelayedExchange(Relay relay, ServerExchange server) {
      this.relay = relay;
      this.server = server;
    }

    void start(ClientExchange exchange) {
      client = exchange;
      waiting.forEach(Runnable::run);
      waiting.clear();
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      relay.requestBytes.addAndGet(data.readableBytes());
      relay.hold(data.readableBytes());
      if (client == null) {
        waiting.add(() -> client.data(data, end));
      } else {
        client.data(data, end);
      }
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
      client.trailers(trailers);
    }

    @Override
    public void onReset(Reset reason) {
      if (client != null) {
        client.reset(reason);
      }
    }

    @Override
    public void onWritten(int bytes) {
      relay.hold(-bytes);
      client.consumed(bytes);
    }

    private final class Response implements ResponseListener {
      @Override
      public void onInformational(ResponseHead head) {
        server.informational(head);
      }

      @Override
      public void onResponse(ResponseHead head, boolean end) {
        server.respond(head, end);
      }

      @Override
      public void onUpgrade(ResponseHead head) {
        server.upgrade(head);
      }

      @Override
      public void onData(ByteBuf data, boolean end) {
        relay.responseBytes.addAndGet(data.readableBytes());
        relay.hold(data.readableBytes());
        server.data(data, end);
      }

      @Override
      public void onTrailers(HeaderBlock trailers) {
        server.trailers(trailers);
      }

      @Override
      public void onReset(Reset reason) {
        server.reset(reason);
      }

      @Override
      public void onWritten(int bytes) {
        relay.hold(-bytes);
        server.consumed(bytes);
      }
    }
  }

  /** Waits until a count has stopped growing: the kernel's buffers are full. */
  private static void awaitStandstill(AtomicLong count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            new Callable<>() {
              private long before = -1;

              @Override
              public Boolean call() {
                long now = count.get();
                boolean still = now > 0 && now == before;
                before = now;
                return still;
              }
            });
  }

  @Test
  void requestBody_ofFastClientAndSlowServer_isHeldInBoundedMemory() throws Exception {
    ServerSocket origin = origin();
    Relay relay = new Relay(address(origin));
    Socket client = client(listen(relay));
    Future<?> sender =
        threads.submit(
            () -> {
              send(
                  client,
                  "POST / HTTP/1.1\r\nhost: web\r\ncontent-length: " + BODY_BYTES + "\r\n\r\n");
              write(client.getOutputStream(), BODY_BYTES);
              return null;
            });
    try (Socket server = origin.accept()) {
      assertThat(readHead(server.getInputStream())).contains("content-length: " + BODY_BYTES);
      awaitStandstill(relay.requestBytes);
      assertThat(relay.requestBytes.get()).isLessThan(BODY_BYTES);
      skip(server.getInputStream(), BODY_BYTES);
      send(server, "HTTP/1.1 204 No Content\r\n\r\n");
      assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 204 ");
    }
    sender.get();
    assertThat(relay.mostHeld).isLessThan(MAX_HELD_BYTES);
  }

  @Test
  void chunkedResponse_ofFastServerAndSlowClient_isHeldInBoundedMemory() throws Exception {
    ServerSocket origin = origin();
    Relay relay = new Relay(address(origin));
    Socket client = client(listen(relay));
    send(client, "GET / HTTP/1.1\r\nhost: web\r\n\r\n");
    int chunks = BODY_BYTES / (16 * KIB);
    Future<?> sender =
        threads.submit(
            () -> {
              try (Socket server = origin.accept()) {
                readHead(server.getInputStream());
                send(server, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
                for (int i = 0; i < chunks; i++) {
                  send(server, "4000\r\n");
                  write(server.getOutputStream(), 16 * KIB);
                  send(server, "\r\n");
                }
                send(server, "0\r\n\r\n");
                return null;
              }
            });
    assertThat(readHead(client.getInputStream())).contains("transfer-encoding: chunked");
    awaitStandstill(relay.responseBytes);
    assertThat(relay.responseBytes.get()).isLessThan(BODY_BYTES);
    assertThat(readChunks(client.getInputStream())).isEqualTo(BODY_BYTES);
    sender.get();
    assertThat(relay.mostHeld).isLessThan(MAX_HELD_BYTES);
  }

  private static long readChunks(InputStream in) throws IOException {
    long total = 0;
    while (true) {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        line.append((char) b);
      }
      int size = Integer.parseInt(line.toString().trim(), 16);
      skip(in, size + 2);
      if (size == 0) {
        return total;
      }
      total += size;
    }
  }

  @Test
  void webSocketTunnel_closedHalfByHalf_passesEveryByte() throws Exception {
    ServerSocket origin = origin();
    closeHalfByHalf(client(listen(new Relay(address(origin)))), origin);
  }

  @Test
  void webSocketTunnel_overMeshTls_passesEveryByte() throws Exception {
    TestMesh mesh = new TestMesh();
    open.add(mesh);
    ServerSocket origin = origin();
    Channel inbound = listen(new Relay(address(origin)), mesh.tls("api"));
    InetSocketAddress to = (InetSocketAddress) inbound.localAddress();
    closeHalfByHalf(client(listen(new Relay(to, mesh.tls("web")))), origin);
  }

  private static void closeHalfByHalf(Socket client, ServerSocket origin) throws Exception {
    send(
        client, "GET / HTTP/1.1\r\nhost: web\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    try (Socket server = origin.accept()) {
      server.setSoTimeout((int) PATIENCE.toMillis());
      assertThat(readHead(server.getInputStream())).contains("upgrade: websocket");
      send(server, "HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhi");
      assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 101 ");
      assertThat(text(client.getInputStream().readNBytes(2))).isEqualTo("hi");
      send(client, "bye");
      client.shutdownOutput();
      assertThat(text(server.getInputStream().readAllBytes())).isEqualTo("bye");
      write(server.getOutputStream(), 200 * KIB);
      server.shutdownOutput();
      assertThat(client.getInputStream().readAllBytes()).hasSize(200 * KIB);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void responseWithoutLength_overMeshTls_endsWithTheOrigin() throws Exception {
    TestMesh mesh = new TestMesh();
    open.add(mesh);
    ServerSocket origin = origin();
    Channel inbound = listen(new Relay(address(origin)), mesh.tls("api"));
    InetSocketAddress to = (InetSocketAddress) inbound.localAddress();
    Socket client = client(listen(new Relay(to, mesh.tls("web"))));
    send(client, "GET / HTTP/1.0\r\n\r\n");
    try (Socket server = origin.accept()) {
      readHead(server.getInputStream());
      send(server, "HTTP/1.0 200 OK\r\n\r\n");
      write(server.getOutputStream(), 200 * KIB);
    }
    readHead(client.getInputStream());
    assertThat(client.getInputStream().readAllBytes()).hasSize(200 * KIB);
  }

  @Test
  void clientThatEndsItsSendingEarly_stillGetsItsAnswer() throws Exception {
    ServerSocket origin = origin();
    Socket client = client(listen(new Relay(address(origin))));
    send(client, "GET / HTTP/1.1\r\nhost: web\r\n\r\n");
    client.shutdownOutput();
    try (Socket server = origin.accept()) {
      readHead(server.getInputStream());
      send(server, "HTTP/1.1 200 OK\r\ncontent-length: " + 200 * KIB + "\r\n\r\n");
      write(server.getOutputStream(), 200 * KIB);
      assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 200 ");
      assertThat(client.getInputStream().readAllBytes()).hasSize(200 * KIB);
    }
  }

  @Test
  void tunnel_whoseServerResets_resetsTheClient() throws Exception {
    ServerSocket origin = origin();
    Relay relay = new Relay(address(origin));
    Socket client = client(listen(relay));
    send(client, "CONNECT web:1 HTTP/1.1\r\nhost: web:1\r\n\r\n");
    Socket server = origin.accept();
    readHead(server.getInputStream());
    send(server, "HTTP/1.1 200 OK\r\n\r\n");
    readHead(client.getInputStream());
    server.setSoLinger(true, 0);
    server.close();
    assertThat(threads.submit(() -> readsReset(client)).get()).isTrue();
  }

  private static boolean readsReset(Socket socket) {
    try {
      return socket.getInputStream().read() < -1;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void truncatedResponse_isNotMistakenForAWholeOne() throws Exception {
    ServerSocket origin = origin();
    Relay relay = new Relay(address(origin));
    Socket client = client(listen(relay));
    send(client, "GET / HTTP/1.0\r\n\r\n");
    Socket server = origin.accept();
    readHead(server.getInputStream());
    send(server, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n");
    readHead(client.getInputStream());
    server.close();
    client.getInputStream().readNBytes(2);
    assertThat(readsReset(client)).isTrue();
  }

  @Test
  void earlyRefusal_ofALargeUpload_reachesTheClient() throws Exception {
    ServerSocket origin = origin();
    Relay relay = new Relay(address(origin));
    Socket client = client(listen(relay));
    Future<?> sender =
        threads.submit(
            () -> {
              try {
                send(client, "POST / HTTP/1.1\r\nhost: web\r\ntransfer-encoding: chunked\r\n\r\n");
                while (true) {
                  send(client, "4000\r\n");
                  write(client.getOutputStream(), 16 * KIB);
                  send(client, "\r\n");
                }
              } catch (IOException e) {
                return null; // closed, as it should be
              }
            });
    try (Socket server = origin.accept()) {
      readHead(server.getInputStream());
      send(server, "HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 413 ");
    }
    client.close();
    sender.get();
  }

  @Test
  void pipelinedRequests_ofAClientThatReadsNothing_areNotAllServed() throws Exception {
    AtomicLong served = new AtomicLong();
    String big = "x".repeat(16 * KIB);
    Channel listener =
        listen(
            (_, exchange, _) -> {
              served.incrementAndGet();
              ResponseHead head = ResponseHead.of(200);
              head.headers.add(
                  HeaderNames.CONTENT_LENGTH, AsciiString.of(Integer.toString(big.length())));
              exchange.respond(head, false);
              exchange.data(Http1ServerConnectionTest.bytes(big), true);
              return new Recorder();
            });
    Socket client = client(listener);
    int requests = 4_000;
    Future<?> sender =
        threads.submit(
            () -> {
              send(client, "GET / HTTP/1.1\r\nhost: web\r\n\r\n".repeat(requests));
              return null;
            });
    awaitStandstill(served);
    assertThat(served.get()).isLessThan(requests);
    for (int i = 0; i < requests; i++) {
      readHead(client.getInputStream());
      skip(client.getInputStream(), big.length());
    }
    sender.get();
    assertThat(served.get()).isEqualTo(requests);
  }

  @Test
  void request_lostBeforeItWasFlushed_isUnprocessed() throws Exception {
    ServerSocket origin = origin();
    Http1ClientConnection connection =
        new Http1ClientConnection(Http1Settings.DEFAULT, ConnectionListener.NONE);
    Channel channel = dial(address(origin), new ChannelInboundHandlerAdapter());
    CompletableFuture<Recorder> lost = new CompletableFuture<>();
    channel
        .eventLoop()
        .execute(
            () -> {
              channel.pipeline().addLast(connection);
              Recorder recorder = new Recorder();
              connection.open(ClientHarness.request("POST", "/"), true, recorder);
              var _ = channel.close();
              channel.closeFuture().addListener(_ -> lost.complete(recorder));
            });
    await().atMost(PATIENCE).until(() -> lost.get().reset != null);
    assertThat(lost.get().reset.isUnprocessed()).isTrue();
  }

  @Test
  void lastAnswer_toAClientThatStillSends_isDelivered() throws Exception {
    Socket client = client(listen((_, _, _) -> new Recorder()));
    send(client, "GET / HTTP/9.9\r\n" + "x".repeat(200 * KIB));
    String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(answer).startsWith("HTTP/1.1 505 ");
  }
}

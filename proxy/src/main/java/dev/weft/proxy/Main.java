package dev.weft.proxy;

import dev.weft.proxy.config.InvalidConfigException;
import dev.weft.proxy.config.LogConfig;
import dev.weft.proxy.config.ProxyConfig;
import dev.weft.proxy.log.ProcessLog;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * The process: reads the environment, runs a proxy until it is told to stop, drains it, ends.
 *
 * <p>Exit codes (facts/proxy.md 1.8): 0 for an orderly end, 1 if a part cannot be started, 64 for
 * an unusable environment, 101 if a traffic port cannot be bound, or for a programming error.
 */
public final class Main {
  static final int EXIT_OK = 0;
  static final int EXIT_INITIALIZATION = 1;
  static final int EXIT_CONFIG = 64;
  static final int EXIT_PANIC = 101;

  private Main() {}

  /** Runs until SIGTERM, SIGINT or an admin request ends the process. Takes no arguments. */
  public static void main(String[] args) {
    System.exit(run(System.getenv()));
  }

  private static int run(Map<String, String> environment) {
    ProcessLog log = ProcessLog.start(logConfig(environment), System.err);
    try (log) {
      return run(environment, log, LoggerFactory.getLogger(Main.class));
    }
  }

  private static int run(Map<String, String> environment, ProcessLog processLog, Logger log) {
    String version = version();
    log.info("weft proxy version={} java={}", version, Runtime.version());
    ProxyConfig.Reading reading;
    try {
      reading = ProxyConfig.read(environment, Runtime.getRuntime().availableProcessors());
    } catch (InvalidConfigException e) {
      e.problems().forEach(problem -> log.error("configuration: {}", problem));
      System.err.println("weft proxy cannot start: invalid configuration\n" + e.getMessage());
      return EXIT_CONFIG;
    }
    reading.warnings().forEach(warning -> log.warn("configuration: {}", warning));
    CompletableFuture<String> stop = new CompletableFuture<>();
    for (String name : new String[] {"TERM", "INT"}) {
      Signal.handle(new Signal(name), signal -> stop.complete("SIG" + signal.getName()));
    }
    ProxyRuntime runtime = new ProxyRuntime(reading.config(), environment, version, processLog);
    try {
      runtime.start(stop);
    } catch (StartException e) {
      log.error("not started: {}", e.getMessage(), e.getCause());
      System.err.println("weft proxy cannot start: " + e.getMessage());
      runtime.stop();
      return e.exitCode();
    } catch (RuntimeException e) {
      log.error("not started: {}", e.toString(), e);
      runtime.stop();
      return EXIT_PANIC;
    }
    log.info("stopping; cause: {}", stop.join());
    runtime.drain();
    runtime.stop();
    return EXIT_OK;
  }

  /** How to log while the environment is not yet read as a whole. */
  private static LogConfig logConfig(Map<String, String> environment) {
    return new LogConfig(
        environment.getOrDefault("LINKERD2_PROXY_LOG", LogConfig.DEFAULT_FILTER),
        "json".equalsIgnoreCase(environment.get("LINKERD2_PROXY_LOG_FORMAT")),
        LogConfig.AccessLog.OFF);
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}

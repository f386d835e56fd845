package dev.weft.proxy.log;

import dev.weft.proxy.config.LogConfig;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * The log of the process: everything that logs through SLF4J or java.util.logging ends here, and is
 * written to one stream. Thread-safe.
 */
public final class ProcessLog implements AutoCloseable {
  private final QueuedHandler handler;
  private final boolean off;

  /** Loggers whose level we set; the log manager itself would forget them. */
  private List<Logger> configured = List.of();

  private LogFilter filter;

  private ProcessLog(LogConfig config, PrintStream out) {
    this.off = LogFilter.isOff(config.filter());
    this.handler = new QueuedHandler(out);
    handler.setFormatter(new LineFormat(config.json(), System.nanoTime()));
    handler.setLevel(Level.ALL);
    this.filter = initial(config.filter());
    apply(filter);
  }

  /** Takes over the logging of the process. A filter that cannot be read counts as the default. */
  public static ProcessLog start(LogConfig config, PrintStream out) {
    LogManager.getLogManager().reset();
    ProcessLog log = new ProcessLog(config, out);
    Logger root = Logger.getLogger("");
    for (Handler other : root.getHandlers()) {
      root.removeHandler(other);
    }
    root.addHandler(log.handler);
    return log;
  }

  private static LogFilter initial(String text) {
    try {
      return LogFilter.parse(text);
    } catch (IllegalArgumentException _) {
      return LogFilter.parse(LogConfig.DEFAULT_FILTER);
    }
  }

  /** The filter as it was written; empty where logging is off for good. */
  public synchronized Optional<String> filter() {
    return off ? Optional.empty() : Optional.of(filter.text());
  }

  /**
   * Replaces the filter.
   *
   * @throws IllegalArgumentException if it cannot be read; the old one stays
   */
  public synchronized void setFilter(String text) {
    LogFilter next = LogFilter.parse(text);
    apply(next);
    filter = next;
  }

  /** Writes a line as it is, whatever the filter; with its end of line. Never blocks. */
  public void line(String line) {
    handler.write(line);
  }

  private synchronized void apply(LogFilter next) {
    for (Logger logger : configured) {
      logger.setLevel(null);
    }
    List<Logger> set = new ArrayList<>();
    Logger root = Logger.getLogger("");
    root.setLevel(next.root());
    set.add(root);
    for (LogFilter.Directive directive : next.directives()) {
      Logger logger = Logger.getLogger(directive.target());
      logger.setLevel(directive.level());
      set.add(logger);
    }
    configured = List.copyOf(set);
  }

  /** Writes what waits. */
  @Override
  public void close() {
    handler.close();
  }
}

package dev.weft.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class QueuedHandlerTest {

  @Test
  void close_writesWhatWaits() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    QueuedHandler handler = handler(out);
    handler.publish(new LogRecord(Level.INFO, "last words"));
    handler.close();

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("last words");
  }

  @Test
  @Timeout(20)
  void publish_nobodyReads_losesMessagesAndSaysSo() {
    StuckStream out = new StuckStream();
    QueuedHandler handler = handler(out);
    for (int i = 0; i < QueuedHandler.CAPACITY + 100; i++) {
      handler.publish(new LogRecord(Level.INFO, "m"));
    }
    out.open.countDown();
    handler.close();

    assertThat(out.written.toString(StandardCharsets.UTF_8)).contains("log messages lost");
  }

  private static QueuedHandler handler(OutputStream out) {
    QueuedHandler handler = new QueuedHandler(new PrintStream(out, false, StandardCharsets.UTF_8));
    handler.setFormatter(new LineFormat(false, 0));
    return handler;
  }

  /** Takes nothing until it is opened. */
  private static final class StuckStream extends OutputStream {
    final CountDownLatch open = new CountDownLatch(1);
    final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    public void write(int b) throws IOException {
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      written.write(b);
    }
  }
}

package dev.weft.resources.kubernetes;

import dev.weft.resources.decode.DecodeException;
import dev.weft.resources.decode.JsonTrees;
import dev.weft.resources.decode.Tree;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The events of one watch. Owns its stream; read by one thread, closed by any. */
final class EventStream implements Closeable {
  /** Most events given out together. */
  private static final int MAX_TOGETHER = 256;

  private final InputStream body;
  private final LineReader lines;

  EventStream(InputStream body) {
    this.body = body;
    this.lines = new LineReader(body);
  }

  /** Waits for events and gives out those that arrived together; none once the watch has ended. */
  List<Tree.Mapping> next() throws IOException {
    List<Tree.Mapping> events = new ArrayList<>();
    String line = lines.next();
    while (line != null) {
      events.add(event(line));
      line = lines.isNextThere() && events.size() < MAX_TOGETHER ? lines.next() : null;
    }
    return events;
  }

  private static Tree.Mapping event(String line) throws IOException {
    try {
      List<Tree> values = JsonTrees.parse(line);
      if (values.size() == 1 && values.getFirst() instanceof Tree.Mapping event) {
        return event;
      }
    } catch (DecodeException e) {
      throw new IOException("a watch event cannot be read: " + e.getMessage(), e);
    }
    throw new IOException("a watch event is no object");
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}

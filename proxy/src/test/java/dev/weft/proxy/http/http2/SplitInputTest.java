package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.LeakCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** However the bytes of a connection are cut, they mean the same. */
class SplitInputTest {
  private static final int MAX_SINGLE_BYTES = 4000;
  private static final String[] LARGE = {
    ":method=GET", ":scheme=http", ":path=/large", "x=" + "y".repeat(20_000)
  };

  @AfterContainer
  static void nothingLeaked() throws InterruptedException {
    LeakCheck.verify();
  }

  @Property(tries = 100)
  void connection_onAnySplit_behavesTheSame(@ForAll long seed) {
    byte[] conversation = conversation(new SplittableRandom(seed));

    List<String> whole = run(conversation, new int[] {conversation.length});
    List<String> split = run(conversation, cuts(conversation.length, new SplittableRandom(~seed)));
    assertThat(split).isEqualTo(whole);
    if (conversation.length < MAX_SINGLE_BYTES) {
      assertThat(run(conversation, bytewise(conversation.length))).isEqualTo(whole);
    }
  }

  private static int[] cuts(int length, SplittableRandom random) {
    int count = random.nextInt(1, 50);
    return random.ints(count, 0, length + 1).sorted().toArray();
  }

  private static int[] bytewise(int length) {
    int[] cuts = new int[length];
    for (int i = 0; i < length; i++) {
      cuts[i] = i + 1;
    }
    return cuts;
  }

  private static List<String> run(byte[] bytes, int[] cuts) {
    TestServer server = new TestServer();
    int from = 0;
    for (int to : cuts) {
      server.channel.writeInbound(Wire.buffer(bytes, from, to));
      from = to;
    }
    server.channel.writeInbound(Wire.buffer(bytes, from, bytes.length));
    List<String> story = new ArrayList<>();
    for (TestServer.Request request : server.requests) {
      story.add(request.head() + Recorder.text(request.head().headers) + request.end());
      story.addAll(request.heard().events);
      story.add("body " + request.heard().bodyBytes + " " + request.heard().body);
    }
    for (String frame : server.received()) {
      // When credit goes back depends on when bytes came, and may.
      if (!frame.startsWith("WINDOW_UPDATE")) {
        story.add(frame);
      }
    }
    server.refusals.forEach(refusal -> story.add(refusal.toString()));
    server.finish();
    return story;
  }

  /** Preface, a few dozen frames, and sometimes an offence at the end. */
  private static byte[] conversation(SplittableRandom random) {
    Wire wire = new Wire();
    List<byte[]> parts = new ArrayList<>();
    parts.add(Wire.PREFACE);
    parts.add(Wire.settings(4, 100_000));
    List<Integer> open = new ArrayList<>();
    int next = 1;
    int frames = random.nextInt(40);
    for (int i = 0; i < frames; i++) {
      int kind = open.isEmpty() ? 0 : random.nextInt(12);
      int stream = open.isEmpty() ? 0 : open.get(random.nextInt(open.size()));
      switch (kind) {
        case 0, 1 -> {
          boolean end = random.nextInt(4) == 0;
          parts.add(
              wire.headers(next, end, ":method=POST", ":scheme=http", ":path=/" + next, "a=" + i));
          if (!end) {
            open.add(next);
          }
          next += 2;
        }
        case 2 -> {
          byte[] block = wire.block(Wire.GET);
          int cut = random.nextInt(block.length);
          parts.add(Wire.frame(1, 1, next, Arrays.copyOf(block, cut)));
          parts.add(Wire.frame(9, 4, next, Arrays.copyOfRange(block, cut, block.length)));
          next += 2;
        }
        case 3, 4, 5 -> parts.add(Wire.data(stream, false, new byte[random.nextInt(300)]));
        case 6 -> {
          byte[] padded = new byte[random.nextInt(20, 300)];
          padded[0] = (byte) random.nextInt(20);
          boolean end = random.nextBoolean();
          parts.add(Wire.frame(0, end ? 9 : 8, stream, padded));
          if (end) {
            open.remove((Integer) stream);
          }
        }
        case 7 -> {
          parts.add(wire.headers(stream, true, "sum=" + i));
          open.remove((Integer) stream);
        }
        case 8 -> {
          parts.add(Wire.rst(stream, random.nextInt(14)));
          open.remove((Integer) stream);
        }
        case 9 -> parts.add(Wire.ping(random.nextLong(), random.nextBoolean()));
        case 10 -> parts.add(Wire.frame(0xfe, 0, 0, new byte[random.nextInt(200)]));
        default -> {
          parts.add(wire.headers(next, true, LARGE));
          next += 2;
        }
      }
    }
    switch (random.nextInt(6)) {
      case 0 -> parts.add(Wire.frame(0, 0, 0, (byte) 1));
      case 1 -> parts.add(Wire.frame(6, 0, 0, (byte) 1));
      case 2 -> parts.add(wire.headers(2, true, Wire.GET));
      case 3 -> parts.add(Wire.goAway(0, 11));
      default -> {}
    }
    return Wire.concat(parts.toArray(byte[][]::new));
  }
}

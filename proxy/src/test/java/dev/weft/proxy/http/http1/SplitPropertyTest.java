package dev.weft.proxy.http.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.LeakCheck;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/** However the bytes are cut, what is reported and answered is the same as for one piece. */
class SplitPropertyTest {
  private static final Http1Settings SMALL = new Http1Settings(64, 256, 8, 4096);

  private static final List<String> REQUESTS =
      List.of(
          "GET / HTTP/1.1\r\nHost: web\r\n\r\n",
          "\r\nGET /a?b HTTP/1.1\r\nHost: web\r\nAccept:  x \t\r\nEmpty:\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 11\r\n\r\nhello world",
          "POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5;x=y\r\nhello\r\n6 ;z\r\n world\r\n0\r\nX-Sum: 7\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
          "GET http://web/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: web\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
          "CONNECT web:443 HTTP/1.1\r\nHost: web\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: web\r\nA: " + "b".repeat(300) + "\r\n\r\n",
          "GET /" + "a".repeat(80) + " HTTP/1.1\r\nHost: web\r\n\r\n");

  private static final List<String> RESPONSES =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
          "HTTP/1.1 204 No Content\r\n\r\n",
          "HTTP/1.0 200\r\n\r\nuntil close",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5;x=y\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n",
          "HTTP/1.1 500 A longer reason\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");

  @AfterContainer
  static void leaks() throws InterruptedException {
    LeakCheck.verify();
  }

  @Provide
  Arbitrary<String> requests() {
    return mutated(REQUESTS);
  }

  @Provide
  Arbitrary<String> responses() {
    return mutated(RESPONSES);
  }

  /** Some messages in a row, often with one byte that does not belong there. */
  private static Arbitrary<String> mutated(List<String> messages) {
    Arbitrary<String> whole =
        Arbitraries.of(messages).list().ofMinSize(1).ofMaxSize(3).map(all -> String.join("", all));
    Arbitrary<Integer> place = Arbitraries.integers().between(0, 400);
    Arbitrary<String> stray =
        Arbitraries.of("", "", "\r", "\n", "\0", " ", "\t", ":", ";", "0", "f", "\u00ff", "HTTP/");
    return Combinators.combine(whole, place, stray)
        .as(
            (text, at, piece) -> {
              int index = at % (text.length() + 1);
              return text.substring(0, index) + piece + text.substring(index);
            });
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 40).list().ofMinSize(1).ofMaxSize(30);
  }

  /** Pieces of the given sizes, used again and again. */
  static List<String> cut(String text, List<Integer> sizes) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    for (int i = 0; at < text.length(); i++) {
      int end = Math.min(text.length(), at + sizes.get(i % sizes.size()));
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  @Property(tries = 400)
  void requests_cutAnywhere_giveTheSame(
      @ForAll("requests") String text,
      @ForAll("cuts") List<Integer> cuts,
      @ForAll boolean answersAtOnce) {
    String whole = serve(List.of(text), answersAtOnce);
    assertThat(serve(cut(text, cuts), answersAtOnce)).isEqualTo(whole);
    assertThat(serve(cut(text, List.of(1)), answersAtOnce)).isEqualTo(whole);
  }

  private static String serve(List<String> pieces, boolean atOnce) {
    StringBuilder story = new StringBuilder();
    try (ServerHarness server = new ServerHarness(SMALL)) {
      server.handler.onRequest =
          request -> {
            Runnable answer = () -> answer(request);
            if (atOnce || request.end() || request.head().upgrade) {
              answer.run();
            } else {
              request.rest().onEnd = answer;
            }
          };
      for (String piece : pieces) {
        if (server.channel.isOpen()) {
          server.send(piece);
        }
      }
      story.append(server.sent());
      for (FakeHandler.Request request : server.handler.requests) {
        tell(story, request.head());
        story.append(request.end());
        tell(story, request.rest());
      }
      server.handler.refusals.forEach(refusal -> story.append('\n').append(refusal));
      story.append('\n').append(server.channel.isOpen());
    }
    return story.toString();
  }

  private static void answer(FakeHandler.Request request) {
    ResponseHead head = ResponseHead.of(200);
    if (request.head().isConnect()) {
      request.exchange().upgrade(head);
      return;
    }
    head.headers.add(HeaderNames.CONTENT_LENGTH, AsciiString.of("2"));
    request.exchange().respond(head, false);
    request.exchange().data(Http1ServerConnectionTest.bytes("ok"), true);
  }

  private static void tell(StringBuilder story, RequestHead head) {
    story.append('\n').append(head.method).append(' ').append(head.form).append(' ');
    story.append(head.scheme).append(' ').append(head.authority).append(' ').append(head.path);
    story.append(' ').append(head.version).append(' ').append(head.upgrade);
    tell(story, head.headers);
  }

  private static void tell(StringBuilder story, @Nullable HeaderBlock fields) {
    for (int i = 0; fields != null && i < fields.size(); i++) {
      story.append('\n').append(fields.name(i)).append('=').append(fields.value(i));
    }
  }

  private static void tell(StringBuilder story, Recorder rest) {
    story.append('\n').append(rest.body).append('\n').append(rest.ended).append(rest.reset);
    tell(story, rest.trailers);
  }

  @Property(tries = 400)
  void responses_cutAnywhere_giveTheSame(
      @ForAll("responses") String text, @ForAll("cuts") List<Integer> cuts) {
    String whole = ask(List.of(text));
    assertThat(ask(cut(text, cuts))).isEqualTo(whole);
    assertThat(ask(cut(text, List.of(1)))).isEqualTo(whole);
  }

  private static String ask(List<String> pieces) {
    StringBuilder story = new StringBuilder();
    try (ClientHarness client = new ClientHarness(SMALL)) {
      ClientHarness.Sent sent = client.open("GET");
      for (String piece : pieces) {
        if (client.channel.isOpen()) {
          client.receive(piece);
        }
      }
      if (client.channel.isOpen()) {
        client.endInput();
      }
      sent.response().informational.forEach(head -> tell(story, head.headers));
      ResponseHead head = sent.response().response;
      if (head != null) {
        story.append(head).append(' ').append(head.reason);
        tell(story, head.headers);
      }
      tell(story, sent.response());
    }
    return story.toString();
  }
}

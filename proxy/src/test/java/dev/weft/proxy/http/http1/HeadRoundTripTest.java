package dev.weft.proxy.http.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.LeakCheck;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.Methods;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.TargetForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** What the writer writes, the reader reads as the same. */
class HeadRoundTripTest {
  record Field(String name, String value) {}

  @AfterContainer
  static void leaks() throws InterruptedException {
    LeakCheck.verify();
  }

  private static Arbitrary<String> token() {
    return Arbitraries.strings()
        .withChars("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")
        .ofMinLength(1)
        .ofMaxLength(20)
        // Letters in front: no name of a field that is hop-by-hop or framing.
        .map(text -> "x-" + text);
  }

  @Provide
  Arbitrary<List<Field>> fields() {
    Arbitrary<String> value =
        Arbitraries.strings().withCharRange(' ', '~').withChars('\t', '\u00e9').ofMaxLength(40);
    return Combinators.combine(token(), value.map(String::strip))
        .as(Field::new)
        .list()
        .ofMaxSize(20);
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.strings()
        .withCharRange('!', '~')
        .excludeChars('#')
        .ofMaxLength(60)
        .map(p -> "/" + p);
  }

  private static AsciiString ascii(String text) {
    return new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false);
  }

  private static HeaderBlock block(List<Field> fields) {
    HeaderBlock block = new HeaderBlock();
    for (Field field : fields) {
      block.add(ascii(field.name()), ascii(field.value()));
    }
    return block;
  }

  @Property(tries = 500)
  void request_writtenAndRead_isTheSame(
      @ForAll("paths") String path,
      @ForAll("fields") List<Field> fields,
      @ForAll boolean absolute,
      @ForAll boolean http10)
      throws BadMessage {
    RequestHead head =
        RequestHead.of(http10 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1, "PATCH", path);
    if (absolute) {
      head.form = TargetForm.ABSOLUTE;
      head.scheme = AsciiString.of("https");
      head.authority = AsciiString.of("web.example:8443");
    }
    head.headers.add(HeaderNames.HOST, AsciiString.of("web"));
    head.headers.addAll(block(fields));

    HeadReader lines = HeadReader.ofRequests(Http1Settings.DEFAULT);
    read(lines, HeadWriter.request(UnpooledByteBufAllocator.DEFAULT, head, head.version, 0));
    RequestHead read = RequestReader.read(lines, new FieldScan());

    assertThat(read.method == Methods.PATCH).isTrue();
    assertThat(read.version).isEqualTo(head.version);
    assertThat(read.form).isEqualTo(head.form);
    assertThat(read.scheme.toString()).isEqualTo(head.scheme.toString());
    assertThat(read.authority.toString()).isEqualTo(head.authority.toString());
    assertThat(read.path.toString()).isEqualTo(path);
    assertThat(read.headers).isEqualTo(head.headers);
  }

  @Property(tries = 500)
  void response_writtenAndRead_isTheSame(
      @ForAll("statuses") int status,
      @ForAll("fields") List<Field> fields,
      @ForAll("paths") String reason)
      throws BadMessage {
    ResponseHead head =
        new ResponseHead(HttpVersion.HTTP_1_1, status, AsciiString.of(reason), block(fields));

    HeadReader lines = HeadReader.ofResponses(Http1Settings.DEFAULT);
    read(lines, HeadWriter.response(UnpooledByteBufAllocator.DEFAULT, head, head.version, 0));
    ResponseHead read = ResponseReader.read(lines, new FieldScan());

    assertThat(read.status).isEqualTo(status);
    assertThat(String.valueOf(read.reason)).isEqualTo(reason);
    assertThat(read.headers).isEqualTo(head.headers);
  }

  @Provide
  Arbitrary<Integer> statuses() {
    return Arbitraries.integers().between(100, 999);
  }

  private static void read(HeadReader lines, ByteBuf bytes) throws BadMessage {
    try {
      assertThat(lines.read(bytes)).isTrue();
      assertThat(bytes.isReadable()).isFalse();
    } finally {
      bytes.release();
    }
  }
}

package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.HeaderNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;

class HpackTest {
  private static List<String> decode(HpackDecoder decoder, byte[] block) throws Http2Violation {
    List<String> fields = new ArrayList<>();
    decoder.decode(
        block,
        0,
        block.length,
        (field, sensitive) ->
            fields.add(field.name + "=" + field.value + (sensitive ? " never" : "")));
    return fields;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  /** RFC 7541, appendix C.4: three requests with Huffman coding over one table. */
  @Test
  void decoder_onRfcExamples_yieldsTheirFields() throws Http2Violation {
    HpackDecoder decoder = new HpackDecoder();
    assertThat(decode(decoder, hex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff")))
        .containsExactly(":method=GET", ":scheme=http", ":path=/", ":authority=www.example.com");
    assertThat(decode(decoder, hex("8286 84be 5886 a8eb 1064 9cbf")))
        .containsExactly(
            ":method=GET",
            ":scheme=http",
            ":path=/",
            ":authority=www.example.com",
            "cache-control=no-cache");
    assertThat(decode(decoder, hex("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf")))
        .containsExactly(
            ":method=GET",
            ":scheme=https",
            ":path=/index.html",
            ":authority=www.example.com",
            "custom-key=custom-value");
  }

  /** RFC 7541, appendix C.6.1 to C.6.3: a table of 256 bytes which evicts. */
  @Test
  void decoder_whenTableOverflows_evictsTheOldest() throws Http2Violation {
    HpackDecoder decoder = new HpackDecoder();
    decode(
        decoder,
        hex(
            "3fe101 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0"
                + "82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"));
    assertThat(decode(decoder, hex("4883 640e ffc1 c0bf")))
        .containsExactly(
            ":status=307",
            "cache-control=private",
            "date=Mon, 21 Oct 2013 20:13:21 GMT",
            "location=https://www.example.com");
    assertThatThrownBy(() -> decode(decoder, hex("c2"))).isInstanceOf(Http2Violation.class);
  }

  @Test
  void decoder_onKnownNames_yieldsTheSharedInstances() throws Http2Violation {
    byte[] block = new Wire().block("content-type=a", "x-request-id=b", "grpc-status=0");
    List<AsciiString> names = new ArrayList<>();
    new HpackDecoder().decode(block, 0, block.length, (field, sensitive) -> names.add(field.name));

    assertThat(names)
        .usingElementComparator((a, b) -> a == b ? 0 : 1)
        .containsExactly(
            HeaderNames.CONTENT_TYPE, HeaderNames.X_REQUEST_ID, HeaderNames.GRPC_STATUS);
  }

  @Test
  void decoder_onBrokenBlocks_refusesThem() {
    for (String broken :
        List.of(
            "80",
            "c0",
            "ff8080808001",
            "0085",
            "00ff",
            "7f",
            "823fe101",
            "3fe11f1f",
            "3fe21f",
            "0001 61 81 ff",
            "0001 61 84 ffffffff")) {
      assertThatThrownBy(() -> decode(new HpackDecoder(), hex(broken)))
          .as(broken)
          .isInstanceOfSatisfying(
              Http2Violation.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.COMPRESSION_ERROR));
    }
  }

  @Test
  void huffman_onEveryByte_decodesWhatNettyEncodes() throws Exception {
    StringBuilder all = new StringBuilder();
    for (char c = 1; c < 256; c++) {
      all.append(c).append(c);
    }
    DefaultHttp2HeadersEncoder encoder =
        new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, false, 16, 0);
    ByteBuf out = Unpooled.buffer();
    byte[] bytes = all.toString().getBytes(StandardCharsets.ISO_8859_1);
    encoder.encodeHeaders(1, new DefaultHttp2Headers(false).add("x", new AsciiString(bytes)), out);
    List<AsciiString> values = new ArrayList<>();
    byte[] block = ByteBufUtil.getBytes(out);
    new HpackDecoder()
        .decode(block, 0, block.length, (field, sensitive) -> values.add(field.value));

    assertThat(values.getFirst().toByteArray()).isEqualTo(bytes);
  }

  @Property(tries = 300)
  void decoder_onAnyBytes_throwsNothingButViolations(@ForAll byte[] noise) {
    HpackDecoder decoder = new HpackDecoder();
    for (int i = 0; i < 3; i++) {
      try {
        decode(decoder, noise);
      } catch (Http2Violation expected) {
        return;
      }
    }
  }

  @Provide
  Arbitrary<List<List<Tuple2<String, String>>>> blocks() {
    Arbitrary<String> name =
        Arbitraries.oneOf(
            Arbitraries.of("content-type", "te", "x-request-id", "cookie", "grpc-status", ":path"),
            Arbitraries.strings().withCharRange('a', 'f').ofMinLength(1).ofMaxLength(3));
    Arbitrary<String> value =
        Arbitraries.oneOf(
            Arbitraries.of("application/grpc", "trailers", "0"),
            Arbitraries.strings().withCharRange('!', '~').ofMaxLength(6),
            Arbitraries.strings().withCharRange('a', 'c').ofMinLength(500).ofMaxLength(1200));
    return Combinators.combine(name, value).as(Tuple::of).list().ofMaxSize(12).list().ofMaxSize(12);
  }

  @Property(tries = 200)
  void encoder_onAnyBlocksAndTableSizes_isUnderstoodByNetty(
      @ForAll("blocks") List<List<Tuple2<String, String>>> blocks, @ForAll int seed)
      throws Exception {
    HpackEncoder encoder = new HpackEncoder();
    DefaultHttp2HeadersDecoder netty = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    int sizes = seed;
    for (List<Tuple2<String, String>> block : blocks) {
      if ((sizes & 3) == 0) {
        int size = (sizes >>> 4) & 2047;
        encoder.peerTableSize(size);
        netty.configuration().maxHeaderTableSize(size);
      }
      sizes = sizes * 1_664_525 + 1_013_904_223;
      encoder.begin();
      for (Tuple2<String, String> field : block) {
        byte[] name = field.get1().getBytes(StandardCharsets.US_ASCII);
        encoder.add(HeaderNames.of(name, 0, name.length), AsciiString.of(field.get2()));
      }
      Http2Headers decoded =
          netty.decodeHeaders(1, Unpooled.wrappedBuffer(encoder.block(), 0, encoder.length()));
      assertThat(sorted(decoded)).isEqualTo(sorted(block));
    }
  }

  @Property(tries = 200)
  void decoder_onAnyBlocks_understandsNetty(
      @ForAll("blocks") List<List<Tuple2<String, String>>> blocks) throws Exception {
    Wire netty = new Wire();
    HpackDecoder decoder = new HpackDecoder();
    for (List<Tuple2<String, String>> block : blocks) {
      String[] fields = block.stream().map(f -> f.get1() + "=" + f.get2()).toArray(String[]::new);
      assertThat(decode(decoder, netty.block(fields))).containsExactlyInAnyOrder(fields);
    }
  }

  @Test
  void encoder_onRepeatedField_sendsOneByteFromTheThirdTimeOn() {
    HpackEncoder encoder = new HpackEncoder();
    int[] lengths = new int[4];
    for (int i = 0; i < lengths.length; i++) {
      encoder.begin();
      encoder.add(HeaderNames.USER_AGENT, AsciiString.of("weft"));
      lengths[i] = encoder.length();
    }

    assertThat(lengths).containsExactly(7, 6, 1, 1);
  }

  @Test
  void encoder_onSensitiveField_neverIndexesIt() throws Http2Violation {
    HpackEncoder encoder = new HpackEncoder();
    HpackDecoder decoder = new HpackDecoder();
    for (int i = 0; i < 3; i++) {
      encoder.begin();
      encoder.addSensitive(HeaderNames.AUTHORIZATION, AsciiString.of("x"));
      byte[] block = Arrays.copyOf(encoder.block(), encoder.length());
      assertThat(decode(decoder, block)).containsExactly("authorization=x never");
    }
  }

  private static List<String> sorted(Http2Headers headers) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      lines.add(field.getKey() + "=" + field.getValue());
    }
    lines.sort(null);
    return lines;
  }

  private static List<String> sorted(List<Tuple2<String, String>> fields) {
    return fields.stream().map(f -> f.get1() + "=" + f.get2()).sorted().toList();
  }
}

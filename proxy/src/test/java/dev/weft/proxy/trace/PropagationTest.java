package dev.weft.proxy.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.HeaderBlock;
import io.netty.util.AsciiString;
import java.util.Base64;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PropagationTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  private static HeaderBlock headers(String... namesAndValues) {
    HeaderBlock headers = new HeaderBlock();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(AsciiString.of(namesAndValues[i]), AsciiString.of(namesAndValues[i + 1]));
    }
    return headers;
  }

  private static String value(HeaderBlock headers, String name) {
    return String.valueOf(headers.get(AsciiString.of(name)));
  }

  @Test
  void traceparent_isReadAndNamesTheNewParent() {
    HeaderBlock headers = headers("traceparent", "00-" + TRACE + "-" + SPAN + "-01");
    TraceContext context = TraceContext.of(headers);
    assertThat(context).isNotNull();
    assertThat(context.traceHigh()).isEqualTo(0x4bf92f3577b34da6L);
    assertThat(context.traceLow()).isEqualTo(0xa3ce929d0e0e4736L);
    assertThat(context.parentId()).isEqualTo(0x00f067aa0ba902b7L);
    assertThat(context.sampled()).isTrue();
    context.under(0xabcL).write(headers);
    assertThat(value(headers, "traceparent")).isEqualTo("00-" + TRACE + "-0000000000000abc-01");
  }

  @Test
  void traceparent_withOtherFlags_keepsThem() {
    HeaderBlock headers = headers("traceparent", "00-" + TRACE + "-" + SPAN + "-fe");
    TraceContext context = TraceContext.of(headers);
    assertThat(context.sampled()).isFalse();
    context.under(1).write(headers);
    assertThat(value(headers, "traceparent")).endsWith("-0000000000000001-fe");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01x",
        "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"
      })
  void traceparent_malformed_isNone(String value) {
    assertThat(TraceContext.of(headers("traceparent", value))).isNull();
  }

  @Test
  void binary_isReadAndNamesTheNewParent() {
    HeaderBlock headers = headers("grpc-trace-bin", binary("0000" + TRACE + "01" + SPAN + "0201"));
    TraceContext context = TraceContext.of(headers);
    assertThat(context).isNotNull();
    assertThat(context.parentId()).isEqualTo(0x00f067aa0ba902b7L);
    assertThat(context.sampled()).isTrue();
    context.under(0xabcL).write(headers);
    assertThat(value(headers, "grpc-trace-bin"))
        .isEqualTo(binary("0000" + TRACE + "010000000000000abc0201").replace("=", ""));
    assertThat(TraceContext.of(headers).parentId()).isEqualTo(0xabcL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "01004bf92f3577b34da6a3ce929d0e0e47360100f067aa0ba902b70201",
        "00004bf92f3577b34da6a3ce929d0e0e47360100f067aa0ba902b702",
        "00004bf92f3577b34da6a3ce929d0e0e47360300f067aa0ba902b70201",
        "0000000000000000000000000000000000000100f067aa0ba902b70201"
      })
  void binary_malformed_isNone(String hex) {
    assertThat(TraceContext.of(headers("grpc-trace-bin", binary(hex)))).isNull();
  }

  @Test
  void binary_thatIsNotBase64_isNone() {
    assertThat(TraceContext.of(headers("grpc-trace-bin", "%%%"))).isNull();
  }

  @Test
  void b3_shortTraceId_isPaddedAndKept() {
    HeaderBlock headers =
        headers("x-b3-traceid", "a3ce929d0e0e4736", "x-b3-spanid", SPAN, "x-b3-sampled", "1");
    TraceContext context = TraceContext.of(headers);
    assertThat(context).isNotNull();
    assertThat(context.traceHigh()).isZero();
    assertThat(context.traceLow()).isEqualTo(0xa3ce929d0e0e4736L);
    assertThat(context.sampled()).isTrue();
    context.under(0xabcL).write(headers);
    assertThat(value(headers, "x-b3-traceid")).isEqualTo("a3ce929d0e0e4736");
    assertThat(value(headers, "x-b3-spanid")).isEqualTo("0000000000000abc");
    assertThat(value(headers, "x-b3-sampled")).isEqualTo("1");
    assertThat(value(headers, "x-b3-parentspanid")).isEqualTo("null");
  }

  @Test
  void b3_thatNamesAParent_namesTheNewOne() {
    HeaderBlock headers =
        headers("x-b3-traceid", TRACE, "x-b3-spanid", SPAN, "x-b3-parentspanid", "77");
    TraceContext context = TraceContext.of(headers);
    assertThat(context.sampled()).isFalse();
    context.under(0xabcL).write(headers);
    assertThat(value(headers, "x-b3-parentspanid")).isEqualTo(SPAN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "xyz", "4bf92f3577b34da6a3ce929d0e0e47361"})
  void b3_malformedTrace_isNone(String trace) {
    assertThat(TraceContext.of(headers("x-b3-traceid", trace, "x-b3-spanid", SPAN))).isNull();
  }

  @Test
  void b3_withoutSpan_isNone() {
    assertThat(TraceContext.of(headers("x-b3-traceid", TRACE))).isNull();
  }

  @Test
  void severalFormats_theFirstOfTheOrderWins() {
    HeaderBlock headers =
        headers(
            "x-b3-traceid",
            "1",
            "x-b3-spanid",
            "2",
            "grpc-trace-bin",
            binary("0000" + TRACE + "01" + SPAN + "0201"),
            "traceparent",
            "00-" + TRACE + "-" + SPAN + "-01");
    assertThat(TraceContext.of(headers).format()).isEqualTo(Propagation.W3C);
    headers.remove(AsciiString.of("traceparent"));
    assertThat(TraceContext.of(headers).format()).isEqualTo(Propagation.GRPC_BINARY);
    headers.remove(AsciiString.of("grpc-trace-bin"));
    assertThat(TraceContext.of(headers).format()).isEqualTo(Propagation.B3);
  }

  @Test
  void malformedFormat_doesNotHideTheNext() {
    HeaderBlock headers = headers("traceparent", "x", "x-b3-traceid", "1", "x-b3-spanid", "2");
    assertThat(TraceContext.of(headers).format()).isEqualTo(Propagation.B3);
  }

  @Property(tries = 300)
  void anyText_neverFails(
      @ForAll @StringLength(max = 70) @NumericChars @AlphaChars @Chars({'-', '=', '+', '/'})
          String text) {
    TraceContext.of(headers("traceparent", text));
    TraceContext.of(headers("grpc-trace-bin", text));
    TraceContext.of(headers("x-b3-traceid", text, "x-b3-spanid", text));
    assertThat(text).isNotNull();
  }

  private static String binary(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }
}

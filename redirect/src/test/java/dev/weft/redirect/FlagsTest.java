package dev.weft.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FlagsTest {
  private static final Flags.Known KNOWN =
      new Flags.Known(Set.of("port", "list"), Set.of("on"), Map.of('p', "port"));

  private static Flags parse(String... words) {
    return Flags.parse(List.of(words), KNOWN);
  }

  @Test
  void parse_everyWayToGiveAValue_isRead() {
    assertThat(parse("--port", "80").port("port")).isEqualTo(80);
    assertThat(parse("--port=80").port("port")).isEqualTo(80);
    assertThat(parse("-p", "80").port("port")).isEqualTo(80);
    assertThat(parse("--port=1", "--port=2").port("port")).isEqualTo(2);
    assertThat(parse("--on").isOn("on", false)).isTrue();
    assertThat(parse("--on=false").isOn("on", true)).isFalse();
    assertThat(parse().isOn("on", true)).isTrue();
  }

  @Test
  void parse_wordsBehindTheFlags_areLeft() {
    assertThat(parse("--on", "--", "ls", "-l").rest()).containsExactly("ls", "-l");
    assertThat(parse("--on", "ls", "--port").rest()).containsExactly("ls", "--port");
  }

  @Test
  void parse_unknownFlag_isRefusedByName() {
    assertThatThrownBy(() -> parse("--prt", "80"))
        .isInstanceOf(RedirectException.class)
        .hasMessageContaining("--prt refused");
  }

  @Test
  void port_outOfBounds_isRefused() {
    assertThatThrownBy(() -> parse("--port", "70000").port("port"))
        .hasMessageContaining("--port 70000");
    assertThatThrownBy(() -> parse().port("port")).hasMessageContaining("must be given");
    assertThatThrownBy(() -> parse("--port")).hasMessageContaining("needs a value");
  }

  @Test
  void durations_contractsUnits_areRead() {
    assertThat(Durations.parse("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(Durations.parse("10s")).isEqualTo(Duration.ofSeconds(10));
    assertThat(Durations.parse("2m")).isEqualTo(Duration.ofMinutes(2));
    assertThatThrownBy(() -> Durations.parse("1m30s")).isInstanceOf(RedirectException.class);
    assertThatThrownBy(() -> Durations.parse("10")).isInstanceOf(RedirectException.class);
  }
}

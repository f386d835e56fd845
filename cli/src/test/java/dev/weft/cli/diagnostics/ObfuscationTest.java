package dev.weft.cli.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ObfuscationTest {
  @Test
  void labels_thatNameSomebody_becomeTheBeginningOfTheirDigest() {
    assertThat(
            Obfuscation.apply(
                "request_total{authority=\"web:80\",direction=\"inbound\",dst_namespace=\"app\"} 3\n"))
        .isEqualTo(
            "request_total{authority=\"630bb7ee\",direction=\"inbound\",dst_namespace=\"a172cedc\"} 3\n");
  }

  @Test
  void quotesInValues_doNotEndThem() {
    assertThat(Obfuscation.apply("a{client_id=\"x\\\"y\",other=\"z\"} 1"))
        .matches("a\\{client_id=\"[0-9a-f]{8}\",other=\"z\"\\} 1");
  }

  @Test
  void longerNames_areLeftAlone() {
    assertThat(Obfuscation.apply("a{my_authority_x=\"v\"} 1"))
        .isEqualTo("a{my_authority_x=\"v\"} 1");
  }
}

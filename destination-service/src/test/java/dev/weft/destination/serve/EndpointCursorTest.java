package dev.weft.destination.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.destination.Http2ClientParams;
import dev.weft.api.destination.Update;
import dev.weft.api.destination.WeightedAddr;
import dev.weft.api.net.TcpAddress;
import dev.weft.destination.index.Endpoint;
import dev.weft.destination.index.Endpoint.Address;
import dev.weft.destination.index.Endpoint.Hint;
import dev.weft.destination.index.Endpoint.Place;
import dev.weft.destination.index.EndpointSet;
import dev.weft.mesh.IpAddr;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class EndpointCursorTest {
  private final EndpointMessages messages =
      new EndpointMessages(Http2ClientParams.getDefaultInstance());

  /** What is published, and the zone of the client's node at that moment. */
  record Moment(EndpointSet set, String clientZone) {}

  private static Endpoint endpoint(int ip, String label, String zone, List<String> hints) {
    return new Endpoint(
        new Address(IpAddr.v4(ip), 80),
        Map.of("pod", label),
        Optional.empty(),
        Hint.NONE,
        0,
        false,
        "",
        new Place("", "", zone, hints));
  }

  private static EndpointSet set(boolean exists, String label, List<Endpoint> endpoints) {
    Map<Address, Endpoint> byAddress = new LinkedHashMap<>();
    endpoints.forEach(endpoint -> byAddress.put(endpoint.address(), endpoint));
    return new EndpointSet(exists, false, Map.of("service", label), byAddress);
  }

  @Provide
  Arbitrary<List<Moment>> histories() {
    Arbitrary<Endpoint> endpoints =
        Combinators.combine(
                Arbitraries.integers().between(1, 4),
                Arbitraries.of("a", "b"),
                Arbitraries.of("", "z1", "z2"),
                Arbitraries.of(List.<String>of(), List.of("z1"), List.of("z2")))
            .as(EndpointCursorTest::endpoint);
    return Combinators.combine(
            Arbitraries.of(true, true, true, false),
            Arbitraries.of("s", "s", "s", "t"),
            endpoints.list().ofMaxSize(4),
            Arbitraries.of("", "z1", "z2"))
        .as(
            (exists, label, list, zone) ->
                new Moment(set(exists, label, exists ? list : List.of()), zone))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Property
  void anyHistory_folds_toWhatAFreshStreamIsSent(@ForAll("histories") List<Moment> history) {
    AtomicReference<Map<String, String>> zones = new AtomicReference<>(Map.of());
    EndpointCursor cursor = new EndpointCursor(messages, "", "n", zones::get);
    Folded folded = new Folded();
    for (Moment moment : history) {
      zones.set(Map.of("n", moment.clientZone()));
      List<Update> updates = cursor.advance(moment.set());
      assertThat(updates).allSatisfy(EndpointCursorTest::isNotEmpty);
      updates.forEach(folded::take);

      Folded fresh = new Folded();
      new EndpointCursor(messages, "", "n", zones::get).advance(moment.set()).forEach(fresh::take);
      assertThat(folded.known).isEqualTo(fresh.known);
      assertThat(cursor.advance(moment.set())).isEmpty();
    }
  }

  private static void isNotEmpty(Update update) {
    switch (update.getUpdateCase()) {
      case ADD -> assertThat(update.getAdd().getAddrsList()).isNotEmpty();
      case REMOVE -> assertThat(update.getRemove().getAddrsList()).isNotEmpty();
      case NO_ENDPOINTS -> {}
      case UPDATE_NOT_SET -> throw new AssertionError("an empty update");
    }
  }

  /** Address to record with the labels of its set, as a client merges them. */
  private static final class Folded {
    final Map<TcpAddress, Map.Entry<WeightedAddr, Map<String, String>>> known = new HashMap<>();

    void take(Update update) {
      switch (update.getUpdateCase()) {
        case ADD ->
            update
                .getAdd()
                .getAddrsList()
                .forEach(
                    a ->
                        known.put(a.getAddr(), Map.entry(a, update.getAdd().getMetricLabelsMap())));
        case REMOVE -> update.getRemove().getAddrsList().forEach(known::remove);
        case NO_ENDPOINTS -> known.clear();
        case UPDATE_NOT_SET -> throw new AssertionError("an empty update");
      }
    }
  }

  @Test
  void zoneLocality_bothZonesKnown_isTold() {
    Endpoint near = endpoint(1, "a", "z1", List.of());

    assertThat(messages.weighted(near, "z1").getMetricLabelsMap())
        .containsEntry("zone_locality", "local");
    assertThat(messages.weighted(near, "z2").getMetricLabelsMap())
        .containsEntry("zone_locality", "remote");
    assertThat(messages.weighted(near, "").getMetricLabelsMap())
        .containsEntry("zone_locality", "unknown");
  }

  @Test
  void address_bothFamilies_areEncodedBigEndian() {
    assertThat(EndpointMessages.address(new Address(IpAddr.parse("10.0.0.1"), 1)).getIp().getIpv4())
        .isEqualTo(0x0a00_0001);
    var v6 = EndpointMessages.address(new Address(IpAddr.parse("fd00::1"), 1)).getIp().getIpv6();
    assertThat(v6.getFirst()).isEqualTo(0xfd00L << 48);
    assertThat(v6.getLast()).isEqualTo(1);
  }

  @Test
  void emptySet_first_isToldAtOnce() {
    EndpointCursor cursor = new EndpointCursor(messages, "", "", Map::of);

    assertThat(cursor.advance(set(true, "s", List.of())))
        .containsExactly(EndpointMessages.noEndpoints(true));
  }
}

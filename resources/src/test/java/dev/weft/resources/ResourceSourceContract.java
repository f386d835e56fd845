package dev.weft.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.resource.EndpointSlice;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Service;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every source promises, whatever it reads. Each adapter's test runs all of it. */
@Timeout(60)
public abstract class ResourceSourceContract {
  private static final Set<ResourceKind> BOTH =
      Set.of(ResourceKind.SERVICE, ResourceKind.ENDPOINT_SLICE);

  private World world;
  private ResourceSource source;

  /** What a source reads, as the test changes it. Objects lie in {@link #namespace()}. */
  public interface World extends AutoCloseable {
    String namespace();

    ResourceSource open() throws Exception;

    /** Creates or replaces an object, given as JSON with {@code metadata.name} first. */
    void put(ResourceKind kind, String name, String json) throws Exception;

    void delete(ResourceKind kind, String name) throws Exception;

    @Override
    void close() throws Exception;
  }

  protected abstract World newWorld() throws Exception;

  @BeforeEach
  void open() throws Exception {
    world = newWorld();
  }

  @AfterEach
  void close() throws Exception {
    if (source != null) {
      source.close();
    }
    world.close();
  }

  private RecordingListener watch(Set<ResourceKind> kinds) throws Exception {
    if (source == null) {
      source = world.open();
    }
    RecordingListener listener = new RecordingListener();
    source.watch(kinds, listener);
    listener.awaitSynced();
    return listener;
  }

  private void putService(String name, int port) throws Exception {
    world.put(
        ResourceKind.SERVICE,
        name,
        """
        {"apiVersion":"v1","kind":"Service",
         "metadata":{"name":"%s","namespace":"%s","labels":{"port":"%d"},"unknownToWeft":{}},
         "spec":{"ports":[{"name":"http","port":%d,"targetPort":"app"}],"selector":{"app":"x"}}}
        """
            .formatted(name, world.namespace(), port, port));
  }

  private void putSlice(String name, String ip) throws Exception {
    world.put(
        ResourceKind.ENDPOINT_SLICE,
        name,
        """
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice",
         "metadata":{"name":"%s","namespace":"%s","labels":{"kubernetes.io/service-name":"a"}},
         "addressType":"IPv4",
         "endpoints":[{"addresses":["%s"],"conditions":{"ready":true}}],
         "ports":[{"name":"http","port":8080,"protocol":"TCP"}]}
        """
            .formatted(name, world.namespace(), ip));
  }

  /**
   * The objects that the test put into its namespace: name to port label, or to first address. A
   * cluster with controllers adds slices of its own.
   */
  private Map<String, String> seen(RecordingListener listener) {
    Map<String, String> seen = new TreeMap<>();
    for (Map.Entry<ResourceKey, Resource> entry : listener.objects().entrySet()) {
      boolean added =
          entry.getValue().meta().label("endpointslice.kubernetes.io/managed-by").isPresent();
      if (entry.getKey().namespace().equals(world.namespace()) && !added) {
        seen.put(
            entry.getKey().name(),
            switch (entry.getValue()) {
              case EndpointSlice slice -> slice.endpoints().getFirst().addresses().getFirst();
              default -> entry.getValue().meta().label("port").orElse("");
            });
      }
    }
    return seen;
  }

  private void awaitSeen(RecordingListener listener, Map<String, String> expected) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(seen(listener)).isEqualTo(expected));
  }

  @Test
  void watch_objectsThatAreThere_arriveBeforeSynced() throws Exception {
    for (int i = 0; i < 5; i++) {
      putService("s" + i, 80 + i);
    }
    putSlice("e", "10.0.0.1");

    RecordingListener listener = watch(BOTH);

    assertThat(seen(listener))
        .isEqualTo(
            Map.of("s0", "80", "s1", "81", "s2", "82", "s3", "83", "s4", "84", "e", "10.0.0.1"));
    assertThat(source.status().synced()).isTrue();
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> source.status().connected());
    assertThat(source.status().objects().get(ResourceKind.SERVICE)).isGreaterThanOrEqualTo(5);
  }

  @Test
  void watch_fields_areDecodedTheSame() throws Exception {
    putService("s", 80);
    putSlice("e", "10.0.0.1");

    RecordingListener listener = watch(BOTH);

    Service service =
        (Service)
            listener.objects().get(new ResourceKey(ResourceKind.SERVICE, world.namespace(), "s"));
    assertThat(service.spec().ports().getFirst().targetPort()).hasToString("app");
    assertThat(service.spec().selector()).isEqualTo(Map.of("app", "x"));
    assertThat(service.meta().resourceVersion()).isNotEmpty();
    EndpointSlice slice =
        (EndpointSlice)
            listener
                .objects()
                .get(new ResourceKey(ResourceKind.ENDPOINT_SLICE, world.namespace(), "e"));
    assertThat(slice.endpoints().getFirst().addresses())
        .containsExactly(IpAddr.parse("10.0.0.1").toString());
    assertThat(slice.endpoints().getFirst().conditions().ready()).isTrue();
    assertThat(slice.ports()).containsExactly(new EndpointSlice.Port("http", 8080, "TCP", null));
  }

  @Test
  void object_createdChangedDeleted_isReported() throws Exception {
    RecordingListener listener = watch(BOTH);

    putService("s", 80);
    awaitSeen(listener, Map.of("s", "80"));
    putService("s", 81);
    putSlice("e", "10.0.0.1");
    awaitSeen(listener, Map.of("s", "81", "e", "10.0.0.1"));
    world.delete(ResourceKind.SERVICE, "s");
    awaitSeen(listener, Map.of("e", "10.0.0.1"));
  }

  @Test
  void listeners_several_getTheirKindsOnly() throws Exception {
    putService("s", 80);
    RecordingListener services = watch(Set.of(ResourceKind.SERVICE));
    RecordingListener slices = watch(Set.of(ResourceKind.ENDPOINT_SLICE));
    RecordingListener late = watch(BOTH);

    putSlice("e", "10.0.0.1");
    awaitSeen(slices, Map.of("e", "10.0.0.1"));
    awaitSeen(late, Map.of("s", "80", "e", "10.0.0.1"));
    assertThat(seen(services)).isEqualTo(Map.of("s", "80"));
  }

  @Test
  void subscription_closed_reportsNoMore() throws Exception {
    RecordingListener open = watch(BOTH);
    RecordingListener closed = new RecordingListener();
    Subscription subscription = source.watch(BOTH, closed);
    closed.awaitSynced();
    subscription.close();
    subscription.close();

    putService("s", 80);

    awaitSeen(open, Map.of("s", "80"));
    assertThat(seen(closed)).isEmpty();
  }

  @Test
  void source_closed_refusesFurtherWatches() throws Exception {
    watch(BOTH);
    source.close();
    source.close();

    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> source.watch(BOTH, new RecordingListener()))
        .isInstanceOf(IllegalStateException.class);
  }
}

package dev.weft.destination.index;

import dev.weft.destination.index.Endpoint.Address;
import dev.weft.destination.lookup.Lookup;
import dev.weft.kit.watch.Published;
import dev.weft.kit.watch.WatchRegistry;
import dev.weft.mesh.ServiceName;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Service;
import dev.weft.resources.ResourceChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps every answer somebody watches up to date. An answer is a pure function of the objects; of
 * each batch of changes only the answers are computed anew on which it can have an effect.
 *
 * <p>Confined to its owner's thread, except for {@link #zones()}; what it publishes is for all.
 */
public final class DiscoveryIndex {
  /** How long an answer nobody watches is kept, for clients which reconnect. */
  private static final Duration IDLE_GRACE = Duration.ofSeconds(10);

  /** The kinds of objects it must be told of. */
  public static final Set<ResourceKind> KINDS = ObjectStore.KINDS;

  private final DiscoverySettings settings;
  private final ObjectStore store = new ObjectStore();
  private final EndpointQuery endpointQuery;
  private final ProfileQuery profileQuery;
  private final WatchRegistry<EndpointKey, EndpointSet> endpoints = new WatchRegistry<>(IDLE_GRACE);
  private final WatchRegistry<ProfileKey, Profile> profiles = new WatchRegistry<>(IDLE_GRACE);
  private volatile Map<String, String> zones = Map.of();

  /** Which endpoints are watched; a client's place is applied later, to the shared answer. */
  private record EndpointKey(ServiceName service, int port) {}

  /** Starts without objects. */
  public DiscoveryIndex(DiscoverySettings settings) {
    this.settings = settings;
    Opacity opacity = new Opacity(settings.defaultOpaquePorts(), store);
    EndpointFactory factory = new EndpointFactory(settings, store, opacity);
    this.endpointQuery = new EndpointQuery(settings, store, factory);
    this.profileQuery = new ProfileQuery(settings, store, factory, opacity);
  }

  /**
   * Takes in a batch and publishes the answers it changes.
   *
   * @return whether the zones of nodes changed, on which what each client is sent depends too
   */
  public boolean apply(List<ResourceChange> batch) {
    Touched touched = new Touched();
    batch.forEach(change -> store.apply(change, touched));
    if (touched.zones) {
      zones = store.zones();
    }
    endpoints.forEach(
        (key, published) -> {
          if (concerns(touched, key.service())) {
            publish(published, endpointQuery.of(key.service(), key.port()));
          }
        });
    profiles.forEach(
        (key, published) -> {
          if (concerns(touched, key)) {
            published.publish(profileQuery.of(key));
          }
        });
    return touched.zones;
  }

  private static void publish(Published<EndpointSet> published, EndpointSet computed) {
    EndpointSet shared =
        published.current().map(former -> computed.reusing(former.value())).orElse(computed);
    published.publish(shared);
  }

  private static boolean concerns(Touched touched, ServiceName service) {
    return touched.services.contains(service) || touched.namespaces.contains(service.namespace());
  }

  private boolean concerns(Touched touched, ProfileKey key) {
    return switch (key) {
      case ProfileKey.OfService of ->
          touched.services.contains(of.service())
              || touched.profiles.contains(of.service().fqdn(settings.clusterDomain()));
      case ProfileKey.OfInstance of -> touched.zones || concerns(touched, of.service());
      // Servers and owners bear on pods of any address; both change seldom.
      case ProfileKey.OfAddress of ->
          touched.zones
              || touched.addresses.contains(of.address().ip())
              || !touched.namespaces.isEmpty();
    };
  }

  /** The endpoints of a Service's port. An instance named by the lookup is left to the client. */
  public Watched<EndpointSet> watchEndpoints(Lookup lookup) {
    return switch (lookup) {
      case Lookup.OfService of -> watchEndpoints(of.service(), of.port());
      case Lookup.OfInstance of -> watchEndpoints(of.service(), of.port());
      case Lookup.OfAddress of ->
          new Watched.Refused<>(
              Watched.Reason.INVALID, "endpoints of address " + of.ip() + "; fix: name a Service");
    };
  }

  private Watched<EndpointSet> watchEndpoints(ServiceName service, int port) {
    Optional<Service> found = store.service(service);
    if (found.isEmpty()) {
      return new Watched.Refused<>(Watched.Reason.NOT_FOUND, "no such Service: " + service);
    }
    if (found.get().spec().type() == Service.Type.EXTERNAL_NAME) {
      return new Watched.Refused<>(
          Watched.Reason.INVALID, "Service " + service + " is of type ExternalName");
    }
    return new Watched.Granted<>(
        endpoints.watch(
            new EndpointKey(service, port), key -> endpointQuery.of(key.service(), key.port())));
  }

  /**
   * The profile of a Service's port, a named endpoint or an address.
   *
   * @param clientNamespace the client's namespace; empty where unknown
   */
  public Watched<Profile> watchProfile(Lookup lookup, String clientNamespace) {
    return switch (lookup) {
      case Lookup.OfService of ->
          watchService(
              new ProfileKey.OfService(of.service(), of.host(), of.port(), clientNamespace));
      case Lookup.OfAddress of -> watchAddress(of, clientNamespace);
      case Lookup.OfInstance of ->
          profileQuery.podOf(of.service(), of.instance()).isPresent()
              ? watch(new ProfileKey.OfInstance(of.service(), of.instance(), of.port()))
              : new Watched.Refused<>(
                  Watched.Reason.NOT_FOUND,
                  "Service " + of.service() + " has no pod of hostname " + of.instance());
    };
  }

  private Watched<Profile> watchService(ProfileKey.OfService key) {
    Optional<Service> found = store.service(key.service());
    if (found.isEmpty()) {
      return new Watched.Refused<>(Watched.Reason.NOT_FOUND, "no such Service: " + key.service());
    }
    boolean elsewhere =
        found.get().spec().type() == Service.Type.EXTERNAL_NAME
            && found.get().spec().port(key.port()).isPresent();
    return elsewhere
        ? new Watched.Refused<>(
            Watched.Reason.INVALID, "Service " + key.service() + " is of type ExternalName")
        : watch(key);
  }

  private Watched<Profile> watchAddress(Lookup.OfAddress lookup, String clientNamespace) {
    List<Service> services = store.servicesAt(lookup.ip());
    return switch (services.size()) {
      case 0 -> watch(new ProfileKey.OfAddress(new Address(lookup.ip(), lookup.port())));
      case 1 -> {
        ServiceName name = services.getFirst().serviceName();
        yield watchService(
            new ProfileKey.OfService(
                name, name.fqdn(settings.clusterDomain()), lookup.port(), clientNamespace));
      }
      default ->
          new Watched.Refused<>(
              Watched.Reason.AMBIGUOUS,
              "address "
                  + lookup.ip()
                  + " belongs to several Services: "
                  + services.stream().map(Service::serviceName).toList());
    };
  }

  private Watched<Profile> watch(ProfileKey key) {
    Published<Profile> published = profiles.watch(key, profileQuery::of);
    return published.current().map(Published.Version::value).orElse(null)
            instanceof Profile.Ambiguous(String reason)
        ? new Watched.Refused<>(Watched.Reason.AMBIGUOUS, reason)
        : new Watched.Granted<>(published);
  }

  /** The zone of each node which has one. Any thread. */
  public Map<String, String> zones() {
    return zones;
  }

  /** Forgets answers nobody has watched for a while. To be called every few seconds. */
  public void sweep(long nowNanos) {
    endpoints.sweep(nowNanos);
    profiles.sweep(nowNanos);
  }

  /** The number of answers now kept. */
  public int size() {
    return endpoints.size() + profiles.size();
  }
}

package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Service;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.ResourceListener;
import dev.weft.resources.ResourceSource;
import dev.weft.resources.directory.DirectorySource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The names of all Services as a hosts file in every network namespace of a mesh: what DNS is to a
 * cluster. The list follows the manifests; it is kept in the state directory for namespaces to
 * come.
 */
final class ServiceHosts implements AutoCloseable {
  private static final Path NAMESPACE_FILES = Path.of("/etc/netns");
  private static final String OWN =
      """
      127.0.0.1 localhost
      ::1 localhost ip6-localhost ip6-loopback
      """;

  private final ResourceSource source;

  private ServiceHosts(ResourceSource source) {
    this.source = source;
  }

  /** Follows the Services of these directories until closed. */
  static ServiceHosts follow(List<Path> directories, StateDirectory state, MeshNetwork network) {
    ResourceSource source;
    try {
      source =
          DirectorySource.start(directories, DirectorySource.Settings.DEFAULT, Clock.systemUTC());
    } catch (IOException e) {
      throw new CliException(
          "the Services of the mesh cannot be followed",
          String.valueOf(e),
          "raise fs.inotify.max_user_instances");
    }
    source.watch(Set.of(ResourceKind.SERVICE), new Follower(state, network));
    return new ServiceHosts(source);
  }

  /** Gives a namespace that is about to be made the list as it is now. */
  static void writeFor(String namespace, StateDirectory state) {
    Path files = NAMESPACE_FILES.resolve(namespace);
    try {
      Files.createDirectories(files);
      Path known = list(state);
      Files.writeString(
          files.resolve("hosts"), Files.exists(known) ? Files.readString(known) : OWN);
    } catch (IOException e) {
      throw new CliException(
          "the hosts file of namespace " + namespace + " cannot be written",
          String.valueOf(e),
          "run as root, or use --network loopback");
    }
  }

  private static Path list(StateDirectory state) {
    return state.root().resolve("hosts");
  }

  @Override
  public void close() {
    source.close();
  }

  /** Called on the source's thread only. */
  private static final class Follower implements ResourceListener {
    private final StateDirectory state;
    private final MeshNetwork network;
    private final Map<ResourceKey, Service> services =
        new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));

    Follower(StateDirectory state, MeshNetwork network) {
      this.state = state;
      this.network = network;
    }

    @Override
    public void onChange(List<ResourceChange> batch) {
      for (ResourceChange change : batch) {
        switch (change) {
          case ResourceChange.Applied(Service service) -> services.put(service.key(), service);
          case ResourceChange.Applied _ -> {}
          case ResourceChange.Deleted(ResourceKey key) -> services.remove(key);
        }
      }
      publish();
    }

    @Override
    public void onSynced() {
      publish();
    }

    private void publish() {
      StringBuilder text = new StringBuilder(OWN);
      for (Service service : services.values()) {
        String name = service.meta().name();
        String namespace = service.meta().namespace();
        service
            .spec()
            .clusterIps()
            .forEach(
                ip ->
                    text.append(
                        "%1$s %2$s.%3$s.svc.cluster.local %2$s.%3$s.svc %2$s.%3$s%4$s%n"
                            .formatted(
                                ip,
                                name,
                                namespace,
                                namespace.equals("default") ? " " + name : "")));
      }
      StateDirectory.replace(list(state), text.toString());
      for (Path hosts : namespaces()) {
        try {
          // In place: the file is mounted over /etc/hosts, which keeps the inode and not the name.
          Files.writeString(hosts, text);
        } catch (IOException _) {
          // The namespace went away meanwhile.
        }
      }
    }

    private List<Path> namespaces() {
      String prefix = "weft-" + network.index() + "-";
      List<Path> hosts = new ArrayList<>();
      if (Files.isDirectory(NAMESPACE_FILES)) {
        try (Stream<Path> all = Files.list(NAMESPACE_FILES)) {
          all.filter(each -> each.getFileName().toString().startsWith(prefix))
              .map(each -> each.resolve("hosts"))
              .filter(Files::exists)
              .forEach(hosts::add);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return hosts;
    }
  }
}

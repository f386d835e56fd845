package dev.weft.proxy.outbound;

import dev.weft.proxy.config.ControlConfig;
import dev.weft.proxy.config.DnsSuffixes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the name a client speaks may mean in the mesh, like the search path of a resolver in a pod:
 * {@code api} and {@code api.shop} lead to services of the cluster. Pure; shared by all loops.
 *
 * @param namespace the client's own, null if it is not known
 * @param suffixes names under which the control plane is asked; the one that begins with {@code
 *     svc.} completes short names
 */
record NameSearch(@Nullable String namespace, DnsSuffixes suffixes) {
  private static final String SERVICES = "svc.";

  static NameSearch of(ControlConfig config) {
    Optional<String> own = config.namespace();
    return new NameSearch(own.orElse(null), config.profileSuffixes());
  }

  /** Full names to try, best first; empty if the name can only be an external one. */
  List<String> candidates(String spoken) {
    String name = spoken.toLowerCase(Locale.ROOT);
    boolean absolute = name.endsWith(".");
    if (absolute) {
      name = name.substring(0, name.length() - 1);
    }
    List<String> found = new ArrayList<>();
    if (suffixes.matches(name)) {
      found.add(name);
    }
    String services = services();
    if (absolute || services == null) {
      return found;
    }
    int labels = 1 + (int) name.chars().filter(c -> c == '.').count();
    if (labels == 1 && namespace != null) {
      add(found, name + '.' + namespace + '.' + services);
    } else if (labels == 2) {
      add(found, name + '.' + services);
    } else if (labels >= 3 && name.endsWith(".svc")) {
      add(found, name + services.substring(SERVICES.length() - 1));
    }
    return found;
  }

  /** Whether a name belongs to the cluster whoever knows it: it is never guessed to be external. */
  boolean isOurs(String name) {
    return services() != null && (name.indexOf('.') < 0 || suffixes.matches(name));
  }

  private static void add(List<String> found, String name) {
    if (!found.contains(name)) {
      found.add(name);
    }
  }

  private @Nullable String services() {
    for (String suffix : suffixes.suffixes()) {
      if (suffix.startsWith(SERVICES)) {
        return suffix;
      }
    }
    return null;
  }
}

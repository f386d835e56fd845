package dev.weft.resources.kubernetes;

import java.util.Optional;
import java.util.function.Supplier;

/** Which real API server the contract is held to. */
sealed interface ApiServerChoice {
  /** The one that {@code KUBECONFIG} names. */
  record Named(String kubeconfig) implements ApiServerChoice {}

  /** K3s in a container, started for the tests and gone after them. */
  record Container() implements ApiServerChoice {}

  /**
   * None, so the tests are skipped.
   *
   * @param reason what is missing
   */
  record None(String reason) implements ApiServerChoice {}

  /**
   * The server that a kubeconfig names comes first; containers are looked for only without one.
   *
   * @param kubeconfig the value of {@code KUBECONFIG}
   * @param containers empty where containers can be started, else why not
   */
  static ApiServerChoice of(Optional<String> kubeconfig, Supplier<Optional<String>> containers) {
    return kubeconfig
        .filter(path -> !path.isBlank())
        .<ApiServerChoice>map(Named::new)
        .orElseGet(
            () ->
                containers
                    .get()
                    .<ApiServerChoice>map(
                        why -> new None("no API server: KUBECONFIG is not set, and " + why))
                    .orElseGet(Container::new));
  }
}

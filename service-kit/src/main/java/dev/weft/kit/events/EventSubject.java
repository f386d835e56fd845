package dev.weft.kit.events;

/**
 * The object that an event is about; a namespaced one.
 *
 * @param apiVersion with the group, for example {@code apps/v1}
 * @param uid of the object, or empty where it is not known; {@code kubectl describe} shows only
 *     events that have it
 */
public record EventSubject(
    String apiVersion, String kind, String namespace, String name, String uid) {
  /** An object whose uid is not known. */
  public static EventSubject of(String apiVersion, String kind, String namespace, String name) {
    return new EventSubject(apiVersion, kind, namespace, name, "");
  }

  /** A deployment whose uid is not known. */
  public static EventSubject deployment(String namespace, String name) {
    return of("apps/v1", "Deployment", namespace, name);
  }

  /** A service account whose uid is not known. */
  public static EventSubject serviceAccount(String namespace, String name) {
    return of("v1", "ServiceAccount", namespace, name);
  }
}

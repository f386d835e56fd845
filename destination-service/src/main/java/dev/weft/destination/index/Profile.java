package dev.weft.destination.index;

import dev.weft.mesh.ServiceName;
import dev.weft.mesh.resource.ServiceProfile;
import org.jspecify.annotations.Nullable;

/** What is known of a target besides its endpoints. */
public sealed interface Profile {
  /** The Service does not declare the port, or is no more: ask policy, not me. */
  record Empty() implements Profile {}

  /**
   * A port of a Service.
   *
   * @param service the Service
   * @param fqdn its full name, as asked or as the cluster says
   * @param port the port
   * @param opaque whether its bytes are not to be looked into
   * @param routes the ServiceProfile that applies to the client, or null
   */
  record OfService(
      ServiceName service, String fqdn, int port, boolean opaque, @Nullable ServiceProfile routes)
      implements Profile {}

  /**
   * A single endpoint.
   *
   * @param endpoint the endpoint, known or not
   * @param namespace its namespace, a metric label; empty where unknown
   * @param opaque whether its bytes are not to be looked into
   */
  record OfEndpoint(Endpoint endpoint, String namespace, boolean opaque) implements Profile {}

  /** There is an answer, but it cannot be given: what was said before stays. */
  record Withheld() implements Profile {}

  /**
   * There are several answers.
   *
   * @param reason why, for people
   */
  record Ambiguous(String reason) implements Profile {}
}

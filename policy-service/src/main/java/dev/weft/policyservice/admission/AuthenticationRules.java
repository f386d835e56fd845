package dev.weft.policyservice.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.mesh.resource.MeshTlsAuthentication;
import dev.weft.mesh.resource.ResourceKind;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Rules of mesh identities. */
final class AuthenticationRules {
  private static final Pattern DNS_LIKE =
      Pattern.compile("(\\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern SPIFFE =
      Pattern.compile("spiffe://[a-z0-9._-]+((/[A-Za-z0-9._-]+)*)");

  /** Longest identity; a longer one cannot stand in a certificate's name. */
  private static final int MAX_CHARS = 2048;

  private AuthenticationRules() {}

  static void check(MeshTlsAuthentication authentication, Written written) {
    for (JsonNode identity : written.spec().path("identities")) {
      checkIdentity(identity.asText(""));
    }
    authentication
        .identityRefs()
        .forEach(
            ref -> {
              if (ref.is(ResourceKind.NAMESPACE) && !ref.namespace().isEmpty()) {
                throw new RefusedPolicy(
                    "spec.identityRefs names Namespace %s with a namespace".formatted(ref.name()),
                    "leave out its namespace");
              }
            });
  }

  private static void checkIdentity(String identity) {
    boolean good =
        identity.length() <= MAX_CHARS
            && (DNS_LIKE.matcher(identity).matches() || isSpiffe(identity));
    if (!good) {
      throw new RefusedPolicy(
          "spec.identities names '%s', which no certificate can carry".formatted(identity),
          "such as *.shop.serviceaccount.identity.linkerd.cluster.local or spiffe://example.org/web");
    }
  }

  private static boolean isSpiffe(String identity) {
    return SPIFFE.matcher(identity).matches()
        && Arrays.stream(identity.split("/", -1))
            .noneMatch(segment -> segment.equals(".") || segment.equals(".."));
  }
}

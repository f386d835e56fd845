package dev.weft.mesh;

import java.util.Optional;

/**
 * Computes the identities of one control plane: the names which leaf certificates carry.
 *
 * <p>The grammar is {@code <name>.<namespace>.serviceaccount.identity.<controlPlaneNamespace>.
 * <trustDomain>}, as in {@code default.emojivoto.serviceaccount.identity.linkerd.cluster.local}.
 *
 * @param controlPlaneNamespace a DNS-1123 label
 * @param trustDomain a DNS-1123 subdomain
 */
public record IdentityNames(String controlPlaneNamespace, String trustDomain) {
  /** The namespace of the control plane unless configured otherwise. */
  public static final String DEFAULT_CONTROL_PLANE_NAMESPACE = "linkerd";

  /** The trust domain unless configured otherwise; the default cluster domain too. */
  public static final String DEFAULT_TRUST_DOMAIN = "cluster.local";

  /** The service account of the identity service. */
  public static final String IDENTITY_SERVICE_ACCOUNT = "linkerd-identity";

  /** The service account of the destination and the policy service. */
  public static final String DESTINATION_SERVICE_ACCOUNT = "linkerd-destination";

  /** The audience which a workload's token must name. */
  public static final String TOKEN_AUDIENCE = "identity.l5d.io";

  private static final String TYPE = "serviceaccount";

  /** Checks both names. */
  public IdentityNames {
    Dns1123.requireLabel("control-plane namespace", controlPlaneNamespace);
    Dns1123.requireSubdomain("trust domain", trustDomain);
  }

  /** The names of a control plane with every default. */
  public static IdentityNames defaults() {
    return new IdentityNames(DEFAULT_CONTROL_PLANE_NAMESPACE, DEFAULT_TRUST_DOMAIN);
  }

  /**
   * The identity of a service account.
   *
   * @throws IllegalArgumentException if a part is not a DNS-1123 label, for which no identity
   *     exists
   */
  public String of(ServiceAccountRef account) {
    return of(TYPE, account.namespace(), account.name());
  }

  /** The identity of a service account; see {@link #of(ServiceAccountRef)}. */
  public String of(String namespace, String serviceAccount) {
    return of(TYPE, namespace, serviceAccount);
  }

  /**
   * The identity of a Kubernetes user name such as {@code system:serviceaccount:<ns>:<sa>}: four
   * parts, the first {@code system}, the others labels; empty where the user name is another one.
   */
  public Optional<String> ofUsername(String username) {
    String[] parts = username.split(":", -1);
    if (parts.length != 4 || !parts[0].equals("system")) {
      return Optional.empty();
    }
    for (int i = 1; i < parts.length; i++) {
      if (!Dns1123.isLabel(parts[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(of(parts[1], parts[2], parts[3]));
  }

  /** The pattern that matches every service account of a namespace. */
  public IdentityPattern namespacePattern(String namespace) {
    Dns1123.requireLabel("namespace", namespace);
    return IdentityPattern.parse("*." + namespace + "." + TYPE + "." + suffix());
  }

  /** The identity that proxies pin for the identity service. */
  public String identityService() {
    return of(controlPlaneNamespace, IDENTITY_SERVICE_ACCOUNT);
  }

  /** The identity that proxies pin for the destination and the policy service. */
  public String destinationService() {
    return of(controlPlaneNamespace, DESTINATION_SERVICE_ACCOUNT);
  }

  /**
   * The service account of an identity of this control plane; empty for any other name. The inverse
   * of {@link #of(ServiceAccountRef)}.
   */
  public Optional<ServiceAccountRef> serviceAccountOf(String identity) {
    String tail = "." + TYPE + "." + suffix();
    if (!identity.endsWith(tail)) {
      return Optional.empty();
    }
    String head = identity.substring(0, identity.length() - tail.length());
    int dot = head.indexOf('.');
    if (dot < 0
        || !Dns1123.isLabel(head.substring(0, dot))
        || !Dns1123.isLabel(head.substring(dot + 1))) {
      return Optional.empty();
    }
    return Optional.of(new ServiceAccountRef(head.substring(dot + 1), head.substring(0, dot)));
  }

  private String of(String type, String namespace, String name) {
    Dns1123.requireLabel("identity type", type);
    Dns1123.requireLabel("namespace", namespace);
    Dns1123.requireLabel("service account", name);
    return name + "." + namespace + "." + type + "." + suffix();
  }

  private String suffix() {
    return "identity." + controlPlaneNamespace + "." + trustDomain;
  }
}

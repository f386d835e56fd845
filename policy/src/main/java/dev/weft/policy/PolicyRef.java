package dev.weft.policy;

/**
 * Names the object, or the built-in default, behind a piece of policy. Metrics, denials and
 * messages on the wire all carry it. Kinds keep the letter case of the contract: lower case for
 * servers and authorizations, CamelCase for routes, services and rate limits.
 */
public sealed interface PolicyRef {
  /** API group; empty for a default, the word {@code core} for the core group. */
  String group();

  /** Kind; the word {@code default} for a default. */
  String kind();

  String name();

  /**
   * Short form for messages: {@code kind/name}, {@code kind/namespace/name} or {@code
   * default:name}.
   */
  String display();

  static PolicyRef builtin(String name) {
    return new Default(name);
  }

  static PolicyRef of(String group, String kind, String namespace, String name) {
    return new Resource(group, kind, namespace, name, 0);
  }

  /** A built-in policy that has no object behind it, such as {@code all-authenticated}. */
  record Default(String name) implements PolicyRef {
    @Override
    public String group() {
      return "";
    }

    @Override
    public String kind() {
      return "default";
    }

    @Override
    public String display() {
      return "default:" + name;
    }
  }

  /**
   * An object.
   *
   * @param namespace empty where the contract leaves it out
   * @param port port of the object, 0 for none
   */
  record Resource(String group, String kind, String namespace, String name, int port)
      implements PolicyRef {
    @Override
    public String display() {
      return namespace.isEmpty() ? kind + "/" + name : kind + "/" + namespace + "/" + name;
    }
  }
}

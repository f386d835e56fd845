package dev.weft.redirect.rules;

/** A family of addresses, each with a firewall of its own. */
public enum Family {
  IPV4,
  IPV6
}

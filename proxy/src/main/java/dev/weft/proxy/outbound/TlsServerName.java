package dev.weft.proxy.outbound;

import dev.weft.policy.route.RequestContext;
import java.util.function.Predicate;

/** A TLS connection as routes look at it, which know nothing but its server name. */
record TlsServerName(String name) implements RequestContext {
  @Override
  public CharSequence method() {
    return "";
  }

  @Override
  public CharSequence pathAndQuery() {
    return "/";
  }

  @Override
  public CharSequence authority() {
    return name;
  }

  @Override
  public boolean anyHeader(String lowerCaseName, Predicate<? super CharSequence> test) {
    return false;
  }
}

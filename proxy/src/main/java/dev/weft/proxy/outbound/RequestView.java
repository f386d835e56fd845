package dev.weft.proxy.outbound;

import dev.weft.policy.route.RequestContext;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestHead;
import java.util.function.Predicate;

/** A request as routes look at it; made for one lookup. */
record RequestView(RequestHead head) implements RequestContext {
  @Override
  public CharSequence method() {
    return head.method;
  }

  @Override
  public CharSequence pathAndQuery() {
    return head.path;
  }

  @Override
  public CharSequence authority() {
    return head.effectiveAuthority();
  }

  @Override
  public boolean anyHeader(String lowerCaseName, Predicate<? super CharSequence> test) {
    HeaderBlock headers = head.headers;
    for (int i = 0; i < headers.size(); i++) {
      if (headers.name(i).contentEquals(lowerCaseName) && test.test(headers.value(i))) {
        return true;
      }
    }
    return false;
  }
}

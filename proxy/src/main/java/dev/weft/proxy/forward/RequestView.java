package dev.weft.proxy.forward;

import dev.weft.policy.route.RequestContext;
import dev.weft.proxy.http.RequestHead;
import java.util.function.Predicate;

/**
 * A request as routes look at it; made for one lookup. Runs on the loop of the request only.
 *
 * @param head not copied: what changes there changes here
 */
public record RequestView(RequestHead head) implements RequestContext {
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
    return head.headers.anyValue(lowerCaseName, test);
  }
}

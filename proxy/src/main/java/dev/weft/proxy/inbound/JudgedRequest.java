package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.Client;
import dev.weft.policy.inbound.Decision;
import dev.weft.policy.inbound.InboundEvaluator;
import dev.weft.policy.route.RequestContext;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import io.netty.util.AsciiString;
import java.util.function.Predicate;

/**
 * A request as policy looks at it. One per connection, turned to one request after the other, so
 * that judging allocates nothing. Runs on one loop only.
 */
final class JudgedRequest implements RequestContext {
  private static final RequestHead NOTHING = RequestHead.of(HttpVersion.HTTP_1_1, "GET", "/");

  private final AsciiString defaultAuthority;
  private RequestHead head = NOTHING;

  /**
   * A view.
   *
   * @param defaultAuthority of requests that name none; empty if there is none
   */
  JudgedRequest(AsciiString defaultAuthority) {
    this.defaultAuthority = defaultAuthority;
  }

  Decision judge(InboundEvaluator evaluator, Client client, RequestHead request) {
    head = request;
    try {
      return evaluator.judgeRequest(client, this);
    } finally {
      head = NOTHING;
    }
  }

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
    AsciiString named = head.effectiveAuthority();
    return named.isEmpty() ? defaultAuthority : named;
  }

  @Override
  public boolean anyHeader(String lowerCaseName, Predicate<? super CharSequence> test) {
    return head.headers.anyValue(lowerCaseName, test);
  }
}

package dev.weft.proxy.outbound;

import dev.weft.proxy.forward.Answers;
import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.ForwardListener;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.ServerExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests of a connection whose target is known. Runs on its lane's loop only. */
final class Requests implements ExchangeHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  private final Lane lane;

  /** Finds the stack of a request, acquired for it; or answers why there is none. */
  @FunctionalInterface
  interface Stacks {
    /**
     * @throws UnusableTargetException if the request names no target that can be served
     */
    TargetStack acquire(RequestHead head) throws UnusableTargetException;
  }

  /** A request whose target cannot be served. */
  static final class UnusableTargetException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Refusal refusal;

    UnusableTargetException(Refusal.Cause cause, String message) {
      super(message, null, false, false);
      this.refusal = Refusal.of(cause, message);
    }
  }

  private final Stacks stacks;

  Requests(Lane lane, Stacks stacks) {
    this.lane = lane;
    this.stacks = stacks;
  }

  /** All requests go to one target; the connection itself holds its stack. */
  static Requests to(Lane lane, TargetStack stack) {
    return new Requests(
        lane,
        _ -> {
          stack.acquire();
          return stack;
        });
  }

  @Override
  public RequestListener onRequest(RequestHead head, ServerExchange exchange, boolean end) {
    TargetStack stack;
    try {
      stack = stacks.acquire(head);
    } catch (UnusableTargetException e) {
      lane.outbound().countHttpError(lane, e.refusal);
      Answers answers = Answers.verbose(lane.outbound().verbose());
      Forward refused = new Forward(head, exchange, false, end, answers, ForwardListener.NONE);
      refused.refuse(e.refusal);
      return refused;
    }
    OutboundRequest request = new OutboundRequest(lane, stack, head, exchange, end);
    request.begin();
    return request.forward();
  }

  @Override
  public void onRefused(ServerConnection connection, dev.weft.proxy.http.Refusal refusal) {
    LOG.debug(
        "request refused by the codec conn={} status={} cause={}",
        connection.channel().id(),
        refusal.status(),
        refusal.cause());
  }
}

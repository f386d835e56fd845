package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.Refusal;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.ServerExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Notes requests and refusals; what else is to happen at a request is {@link #onRequest}. */
final class FakeHandler implements ExchangeHandler {
  record Request(RequestHead head, ServerExchange exchange, boolean end, Recorder rest) {}

  final List<Request> requests = new ArrayList<>();
  final List<Refusal> refusals = new ArrayList<>();
  boolean holdsCredit;
  Consumer<Request> onRequest = _ -> {};

  @Override
  public RequestListener onRequest(RequestHead head, ServerExchange exchange, boolean end) {
    Recorder rest = new Recorder();
    rest.source = exchange;
    rest.holdsCredit = holdsCredit;
    rest.ended = end;
    Request request = new Request(head, exchange, end, rest);
    requests.add(request);
    onRequest.accept(request);
    return rest;
  }

  @Override
  public void onRefused(ServerConnection connection, Refusal refusal) {
    refusals.add(refusal);
  }

  Request only() {
    if (requests.size() != 1) {
      throw new AssertionError("requests: " + requests.size());
    }
    return requests.getFirst();
  }

  Request last() {
    return requests.getLast();
  }
}

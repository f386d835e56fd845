package dev.weft.proxy.forward;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import java.util.ArrayList;
import java.util.List;

/** A connection to an endpoint whose requests are written down and answered by the test. */
public final class FakeClientConnection extends ChannelHandlerAdapter implements ClientConnection {
  public final List<Opened> opened = new ArrayList<>();
  public final ConnectionListener listener;
  public boolean usable = true;
  public boolean drained;
  public boolean closed;

  public FakeClientConnection() {
    this(ConnectionListener.NONE);
  }

  public FakeClientConnection(ConnectionListener listener) {
    this.listener = listener;
  }

  /** The request opened last. */
  public Opened last() {
    return opened.getLast();
  }

  @Override
  public Channel channel() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ClientExchange open(RequestHead head, boolean end, ResponseListener responses) {
    Opened exchange = new Opened(head, responses);
    exchange.ended = end;
    opened.add(exchange);
    return exchange;
  }

  @Override
  public boolean isUsable() {
    return usable;
  }

  @Override
  public int activeExchanges() {
    return (int) opened.stream().filter(o -> !o.over).count();
  }

  @Override
  public int maxConcurrentExchanges() {
    return 1;
  }

  @Override
  public void drain() {
    drained = true;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** One request. */
  public final class Opened extends WrittenDown implements ClientExchange {
    public final RequestHead head;
    public final ResponseListener listener;
    public boolean over;

    private Opened(RequestHead head, ResponseListener listener) {
      this.head = head;
      this.listener = listener;
    }

    @Override
    public ClientConnection connection() {
      return FakeClientConnection.this;
    }
  }
}

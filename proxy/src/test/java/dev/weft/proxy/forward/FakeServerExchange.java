package dev.weft.proxy.forward;

import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.ServerExchange;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The accepted side of a request, written down. */
public final class FakeServerExchange extends WrittenDown implements ServerExchange {
  public final List<ResponseHead> informational = new ArrayList<>();
  public @Nullable ResponseHead response;
  public boolean upgraded;
  public boolean drained;
  private final FakeConnection connection = new FakeConnection();

  @Override
  public ServerConnection connection() {
    return connection;
  }

  @Override
  public void informational(ResponseHead head) {
    informational.add(head);
  }

  @Override
  public void respond(ResponseHead head, boolean end) {
    if (response != null) {
      throw new AssertionError("second response");
    }
    response = head;
    ended = end;
  }

  @Override
  public void upgrade(ResponseHead head) {
    response = head;
    upgraded = true;
  }

  private final class FakeConnection extends ChannelHandlerAdapter implements ServerConnection {
    @Override
    public Channel channel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int activeExchanges() {
      return 1;
    }

    @Override
    public void drain() {
      drained = true;
    }

    @Override
    public void close() {}
  }
}

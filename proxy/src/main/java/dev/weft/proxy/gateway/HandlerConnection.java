package dev.weft.proxy.gateway;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ResponseListener;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.ServerExchange;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A client connection without a network: requests sent on it are handed to a handler of this
 * process, and credit passes through, so that bodies stay bounded by what either end grants. Runs
 * on the loop of the connection that the requests came on; never added to a pipeline.
 */
public final class HandlerConnection extends ChannelHandlerAdapter implements ClientConnection {
  private final ServerConnection from;
  private final ExchangeHandler handler;
  private int active;

  /**
   * A connection to a handler.
   *
   * @param from what the handler sees as the connection of its requests
   */
  public HandlerConnection(ServerConnection from, ExchangeHandler handler) {
    this.from = from;
    this.handler = handler;
  }

  @Override
  public Channel channel() {
    return from.channel();
  }

  @Override
  public ClientExchange open(RequestHead head, boolean end, ResponseListener listener) {
    Joint joint = new Joint(listener, end);
    active++;
    joint.begin(head, end);
    return joint.client;
  }

  @Override
  public boolean isUsable() {
    return true;
  }

  @Override
  public int activeExchanges() {
    return active;
  }

  @Override
  public int maxConcurrentExchanges() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void drain() {}

  /** The connection that requests come on closes them; there is nothing of its own. */
  @Override
  public void close() {}

  /** Both sides of one exchange. */
  private final class Joint {
    private final ResponseListener responses;
    private final Client client = new Client();
    private final Server server = new Server();
    private @Nullable RequestListener requests;

    /** What the handler said before its caller has the exchange in hand; null afterwards. */
    private @Nullable Deque<Runnable> early = new ArrayDeque<>();

    private boolean requestEnded;
    private boolean responseEnded;
    private boolean over;

    Joint(ResponseListener responses, boolean requestEnded) {
      this.responses = responses;
      this.requestEnded = requestEnded;
    }

    void begin(RequestHead head, boolean end) {
      requests = handler.onRequest(head, server, end);
      if (early != null && early.isEmpty()) {
        early = null;
      } else {
        channel().eventLoop().execute(this::catchUp);
      }
    }

    private void catchUp() {
      Deque<Runnable> all = early;
      while (all != null && !all.isEmpty()) {
        all.poll().run();
      }
      early = null;
    }

    /** Tells the caller, in order. */
    private void tell(Runnable event) {
      if (early == null) {
        event.run();
      } else {
        early.add(event);
      }
    }

    private void endIfDone() {
      if (requestEnded && responseEnded) {
        end();
      }
    }

    private void end() {
      if (!over) {
        over = true;
        active--;
      }
    }

    private RequestListener requests() {
      if (requests == null) {
        throw new IllegalStateException("the exchange has not begun");
      }
      return requests;
    }

    /** As the sender of the request sees it. */
    private final class Client implements ClientExchange {
      @Override
      public ClientConnection connection() {
        return HandlerConnection.this;
      }

      @Override
      public void data(ByteBuf data, boolean end) {
        if (over) {
          data.release();
          return;
        }
        requestEnded |= end;
        requests().onData(data, end);
        endIfDone();
      }

      @Override
      public void trailers(HeaderBlock trailers) {
        if (!over) {
          requestEnded = true;
          requests().onTrailers(trailers);
          endIfDone();
        }
      }

      @Override
      public void reset(Reset reason) {
        if (!over) {
          end();
          requests().onReset(reason);
        }
      }

      @Override
      public void consumed(int bytes) {
        if (!over) {
          requests().onWritten(bytes);
        }
      }
    }

    /** As the handler sees it. */
    private final class Server implements ServerExchange {
      @Override
      public ServerConnection connection() {
        return from;
      }

      @Override
      public void informational(ResponseHead head) {
        tell(
            () -> {
              if (!over) {
                responses.onInformational(head);
              }
            });
      }

      @Override
      public void respond(ResponseHead head, boolean end) {
        tell(
            () -> {
              if (!over) {
                responseEnded = end;
                responses.onResponse(head, end);
                endIfDone();
              }
            });
      }

      @Override
      public void upgrade(ResponseHead head) {
        tell(
            () -> {
              if (!over) {
                requestEnded = false;
                responses.onUpgrade(head);
              }
            });
      }

      @Override
      public void data(ByteBuf data, boolean end) {
        tell(
            () -> {
              if (over) {
                data.release();
                return;
              }
              responseEnded |= end;
              responses.onData(data, end);
              endIfDone();
            });
      }

      @Override
      public void trailers(HeaderBlock trailers) {
        tell(
            () -> {
              if (!over) {
                responseEnded = true;
                responses.onTrailers(trailers);
                endIfDone();
              }
            });
      }

      @Override
      public void reset(Reset reason) {
        tell(
            () -> {
              if (!over) {
                end();
                responses.onReset(reason);
              }
            });
      }

      @Override
      public void consumed(int bytes) {
        tell(
            () -> {
              if (!over) {
                responses.onWritten(bytes);
              }
            });
      }
    }
  }
}

package dev.weft.proxy.client;

import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.Reset;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one HTTP/2 connection to an address, shared by all requests of a loop. It is made at once and
 * made again when it is lost: immediately the first time, then with growing pauses, until closed.
 * Runs on its loop only.
 *
 * <p>A connection that drains (GOAWAY) is replaced, and finishes its requests meanwhile. Failed
 * attempts are not seen by requests, only by the {@link Observer}. Source: facts/proxy.md 3.10.
 */
public final class Http2Client {
  /** Hears whether the address can be used. Called on the loop. */
  public interface Observer {
    /** A connection stands: {@link Http2Client#open} sends at once. */
    void ready();

    /** There is none, and one is being made. */
    void unready();

    /** An attempt failed; another follows after a pause. Does nothing unless overridden. */
    default void attemptFailed(Refusal refusal) {}
  }

  private final EventLoop loop;
  private final Connector connector;
  private final ClientCodec codec;
  private final Backoff backoff;
  private final Observer observer;
  private final Set<ClientConnection> draining = new HashSet<>(2);
  private @Nullable ClientConnection current;
  private @Nullable Future<?> retry;
  private boolean dialing;
  private boolean closed;
  private boolean used;

  /** Not connected yet; see {@link #start}. */
  public Http2Client(
      EventLoop loop, Connector connector, ClientCodec codec, Backoff backoff, Observer observer) {
    this.loop = loop;
    this.connector = connector;
    this.codec = codec;
    this.backoff = backoff;
    this.observer = observer;
  }

  /** Begins to connect; no effect if begun. */
  public void start() {
    if (!closed && !dialing && retry == null && current == null) {
      dial();
    }
  }

  /** Whether {@link #open} sends at once. */
  public boolean isReady() {
    return current != null;
  }

  /** Opens a request. Only while ready. */
  public void open(Forward request) {
    ClientConnection connection = current;
    if (connection == null) {
      throw new IllegalStateException("no connection; cause: request opened while not ready");
    }
    boolean reused = used;
    used = true;
    request.open(connection, true, reused);
  }

  /** Takes no further request; those under way finish, then all connections close. */
  public void close() {
    closed = true;
    if (retry != null) {
      retry.cancel(false);
      retry = null;
    }
    ClientConnection connection = current;
    current = null;
    if (connection != null) {
      draining.add(connection);
    }
    List.copyOf(draining).forEach(ClientConnection::drain);
  }

  private void dial() {
    dialing = true;
    connector.connect(
        loop,
        new Connector.Listener() {
          @Override
          public void connected(Channel channel) {
            dialing = false;
            if (closed) {
              channel.close();
            } else {
              use(channel);
            }
          }

          @Override
          public void failed(Refusal refusal) {
            dialing = false;
            if (!closed) {
              observer.attemptFailed(refusal);
              retryLater();
            }
          }
        });
  }

  private void use(Channel channel) {
    ClientConnection connection = codec.connection(new Lifecycle());
    current = connection;
    used = false;
    channel.pipeline().addLast(connection);
    if (current == connection) {
      observer.ready();
    }
  }

  private void retryLater() {
    retry =
        loop.schedule(
            () -> {
              retry = null;
              start();
            },
            backoff.nextNanos(),
            TimeUnit.NANOSECONDS);
  }

  private final class Lifecycle implements ConnectionListener {
    /** Whether the connection proved good: only then is it replaced without a pause. */
    private boolean good;

    @Override
    public void onMaxConcurrentExchanges(ClientConnection connection, int limit) {
      good = true; // its SETTINGS arrived, so somebody speaks HTTP/2 there
      backoff.reset();
    }

    @Override
    public void onDraining(ClientConnection connection) {
      draining.add(connection);
      lost(connection);
    }

    @Override
    public void onClosed(ClientConnection connection, Reset reason) {
      draining.remove(connection);
      lost(connection);
    }

    private void lost(ClientConnection connection) {
      if (current != connection) {
        return;
      }
      current = null;
      if (closed) {
        return;
      }
      observer.unready();
      if (closed || current != null || dialing) {
        return;
      }
      if (good) {
        dial();
      } else if (retry == null) {
        retryLater();
      }
    }
  }
}

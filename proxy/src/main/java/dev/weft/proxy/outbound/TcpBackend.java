package dev.weft.proxy.outbound;

import dev.weft.proxy.balance.Candidate;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.balance.Share;
import dev.weft.proxy.client.BalancerFamilies;
import dev.weft.proxy.client.Connector;
import dev.weft.proxy.client.WaitingRoom;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.transport.TransportHeader.Session;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where connections of which nobody reads the bytes go. Each connection chooses an endpoint by
 * power of two choices over the time that connecting takes; one that cannot be connected is
 * replaced by another. Begins to work with the first connection. Runs on its lane's loop only.
 *
 * <p>Source: facts/proxy.md 3.17.
 */
final class TcpBackend extends BalancedBackend<TcpBackend.Place> {
  /** Endpoints tried for one connection at most. */
  private static final int MAX_ATTEMPTS = 5;

  /** An endpoint and how to connect to it; has identity rather than equality. */
  static final class Place implements Member<Place> {
    private final Endpoint endpoint;
    private final Connector connector;
    private final Candidate<Place> candidate;

    private Place(
        Endpoint endpoint, Connector connector, LoadParams load, Share share, long nowNanos) {
      this.endpoint = endpoint;
      this.connector = connector;
      this.candidate = new Candidate<>(this, load, share, nowNanos);
    }

    @Override
    public Endpoint endpoint() {
      return endpoint;
    }

    @Override
    public Candidate<Place> candidate() {
      return candidate;
    }
  }

  TcpBackend(Lane lane, Dispatch.Spec spec, BalancerFamilies families, Labels parent) {
    super(lane, spec, lane.outbound().config().tcpQueue(), families, labels(parent, spec));
  }

  /**
   * Connects to an endpoint, now or when there is one.
   *
   * @return the channel: quiet, half-closure allowed, session about to begin; or why there is none
   */
  Future<Channel> connect() {
    meter.requested();
    start();
    Promise<Channel> result = lane.loop().newPromise();
    if (spec().dispatch() instanceof Dispatch.Fail) {
      return result.setFailure(
          new IOException("backend " + spec().ref().display() + " is unusable"));
    }
    next(new Attempt(result), null);
    return result;
  }

  private void next(Attempt attempt, @Nullable Candidate<Place> failed) {
    long now = lane.nanoTime();
    Candidate<Place> chosen = failed == null ? ready.pick(now) : ready.pickOther(failed, now);
    if (chosen != null) {
      if (failed == null) {
        meter.dispatched(now - attempt.sinceNanos);
      }
      attempt.to(chosen);
    } else if (failed == null) {
      room.enter(attempt);
    } else {
      attempt.giveUp();
    }
  }

  @Override
  Place member(Endpoint endpoint) {
    Connector connector =
        new Connecting(this::doubt)
            .watch(lane.connector(endpoint, spec().dispatch().authority(), Session.OPAQUE));
    return new Place(endpoint, connector, load, lane.share(endpoint), lane.nanoTime());
  }

  @Override
  boolean begin(Place added) {
    return true;
  }

  @Override
  void end(Place removed) {}

  /** One connection on its way. */
  private final class Attempt implements WaitingRoom.Guest {
    private final Promise<Channel> result;
    private final long sinceNanos = lane.nanoTime();
    private Refusal last = Refusal.FAIL_FAST;
    private int attempts;

    Attempt(Promise<Channel> result) {
      this.result = result;
    }

    @Override
    public void admitted() {
      next(this, null);
    }

    @Override
    public void refused(Refusal refusal) {
      last = refusal;
      giveUp();
    }

    @Override
    public boolean hasLeft() {
      return result.isCancelled();
    }

    void to(Candidate<Place> chosen) {
      attempts++;
      long began = lane.nanoTime();
      chosen.load().start();
      chosen
          .target()
          .connector
          .connect(
              lane.loop(),
              new Connector.Listener() {
                @Override
                public void connected(Channel channel) {
                  long now = lane.nanoTime();
                  chosen.load().finish(now - began, now);
                  if (!result.trySuccess(channel)) {
                    channel.close();
                  }
                }

                @Override
                public void failed(Refusal refusal) {
                  last = refusal;
                  // As slow as can be, so that others are preferred for a while.
                  chosen
                      .load()
                      .finish(
                          lane.outbound().config().path().connect().timeout().toNanos(),
                          lane.nanoTime());
                  if (attempts < MAX_ATTEMPTS && !isClosed() && !hasLeft()) {
                    next(Attempt.this, chosen);
                  } else {
                    giveUp();
                  }
                }
              });
    }

    void giveUp() {
      result.tryFailure(new ConnectException(last.in(spec().layer())));
    }
  }

  /** No endpoint took a connection. Carries no stack trace: it is an answer, not a bug. */
  static final class ConnectException extends IOException {
    private static final long serialVersionUID = 1;
    private final transient Refusal refusal;

    ConnectException(Refusal refusal) {
      super(refusal.message());
      this.refusal = refusal;
    }

    Refusal refusal() {
      return refusal;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}

package dev.weft.proxy.outbound;

import dev.weft.proxy.balance.Candidate;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.balance.PowerOfTwoChoices;
import dev.weft.proxy.client.Connector;
import dev.weft.proxy.client.WaitingRoom;
import dev.weft.proxy.config.QueueConfig;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.transport.TransportHeader.Session;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where connections of which nobody reads the bytes go. Each connection chooses an endpoint by
 * power of two choices over the time that connecting takes; one that cannot be connected is
 * replaced by another. Begins to work with the first connection. Runs on its lane's loop only.
 *
 * <p>Source: facts/proxy.md 3.17.
 */
final class TcpBackend implements Split.Part {
  /** Endpoints tried for one connection at most. */
  private static final int MAX_ATTEMPTS = 5;

  private final Lane lane;
  private final Dispatch.Spec spec;
  private final LoadParams load;
  private final PowerOfTwoChoices<Place> ready;
  private final WaitingRoom room;
  private final Map<InetSocketAddress, Candidate<Place>> places = new HashMap<>();
  private final BalancerMeter meter;
  private EndpointSets.@Nullable Source source;
  private boolean started;
  private boolean closed;

  /** An endpoint and how to connect to it. */
  private record Place(Endpoint endpoint, Connector connector) {}

  TcpBackend(Lane lane, Dispatch.Spec spec, BalancerFamilies families, Labels parent) {
    this.lane = lane;
    this.spec = spec;
    this.load =
        spec.dispatch() instanceof Dispatch.Balance balance ? balance.load() : LoadParams.DEFAULT;
    this.ready = new PowerOfTwoChoices<>(lane.outbound().context().random());
    Labels labels = parent.and(OutboundMetrics.service("backend", spec.ref()));
    QueueConfig queue = lane.outbound().config().tcpQueue();
    this.meter =
        new BalancerMeter(
            families,
            lane.shard(),
            labels,
            queue.failfastTimeout(),
            lane.outbound().context().clock());
    this.room =
        new WaitingRoom(lane.loop(), queue.capacity(), queue.failfastTimeout().toNanos(), meter);
  }

  Dispatch.Spec spec() {
    return spec;
  }

  @Override
  public boolean isOpen() {
    return room.isOpen();
  }

  @Override
  public boolean isReady() {
    return room.isOpen() && (ready.readyCount() > 0 || !started);
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
    if (spec.dispatch() instanceof Dispatch.Fail) {
      return result.setFailure(new IOException("backend " + spec.ref().display() + " is unusable"));
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

  private void start() {
    if (started) {
      return;
    }
    started = true;
    source = EndpointSets.watch(lane, spec.dispatch(), this::update);
  }

  private void update(EndpointSet set) {
    if (closed) {
      return;
    }
    meter.updated();
    room.hopeless(EndpointSets.hopeless(spec.dispatch(), set));
    EndpointSets.reconcile(
        places, known -> known.target().endpoint(), set, this::removed, this::add);
    meter.count(ready.readyCount(), 0);
    if (ready.readyCount() > 0) {
      room.open();
      for (WaitingRoom.Guest guest = room.next(); guest != null; guest = room.next()) {
        guest.admitted();
      }
    }
  }

  private void removed(Candidate<Place> place) {
    meter.removed();
    ready.unready(place);
  }

  private void add(Endpoint endpoint) {
    meter.added();
    Connector connector =
        new Connecting(this::doubt)
            .watch(lane.connector(endpoint, spec.dispatch().authority(), Session.OPAQUE));
    Candidate<Place> added =
        new Candidate<>(new Place(endpoint, connector), load, endpoint.share(), lane.nanoTime());
    places.put(endpoint.address(), added);
    ready.ready(added);
  }

  private void doubt() {
    if (source != null) {
      source.refresh();
    }
  }

  /** Takes no more connections; those that stand are not touched. */
  void close() {
    closed = true;
    if (source != null) {
      source.close();
    }
    room.close();
    places.values().forEach(ready::unready);
    places.clear();
    meter.count(0, 0);
  }

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
          .connector()
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
                  if (attempts < MAX_ATTEMPTS && !closed && !hasLeft()) {
                    next(Attempt.this, chosen);
                  } else {
                    giveUp();
                  }
                }
              });
    }

    void giveUp() {
      result.tryFailure(new ConnectException(last.in(spec.layer())));
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

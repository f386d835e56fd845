package dev.weft.proxy.admin;

import dev.weft.mesh.IpAddr;
import dev.weft.policy.inbound.Client;
import dev.weft.policy.inbound.Decision;
import dev.weft.policy.inbound.InboundEvaluator;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.proxy.control.Watch;
import dev.weft.proxy.control.WatchState;
import dev.weft.proxy.control.Watcher;
import dev.weft.proxy.forward.RequestView;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.tls.PeerTls;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges requests by the policy of the admin port. Clients on this machine are admitted besides, in
 * every mode. Runs on the admin loop only.
 */
final class AdminGate implements AutoCloseable {
  private final Watch<InboundPolicy> watch;
  private @Nullable InboundEvaluator evaluator;

  AdminGate(Watcher<Integer, InboundPolicy> policies, int port, EventLoop loop) {
    this.watch = policies.watch(port, loop, this::changed);
  }

  private void changed(WatchState<InboundPolicy> state) {
    if (state instanceof WatchState.Known<InboundPolicy>(InboundPolicy policy)) {
      evaluator = InboundEvaluator.of(policy);
    }
  }

  /** Why a request is refused, null if it is not. */
  @Nullable Refused judge(Channel channel, RequestHead head) {
    if (evaluator == null) {
      return new Refused(503, "the policy of the admin port is not known");
    }
    return switch (evaluator.judgeRequest(client(channel), new RequestView(head))) {
      case Decision.Allowed _ -> null;
      case Decision.Denied denied -> new Refused(403, denied.reason());
      case Decision.NoRoute none -> new Refused(404, none.reason());
    };
  }

  /**
   * A refusal.
   *
   * @param status the HTTP status
   * @param reason names policy and clause
   */
  record Refused(int status, String reason) {}

  private static Client client(Channel channel) {
    IpAddr ip = IpAddr.of(address(channel)).unmapped();
    Optional<PeerTls> tls = PeerTls.of(channel);
    if (tls.isEmpty()) {
      return Client.plaintext(ip);
    }
    PeerId identity = tls.get().identity();
    return identity == null
        ? Client.anonymous(ip)
        : new Client(
            ip, new Client.Tls.Identified(identity.text(), identity.form() == PeerId.Form.DNS));
  }

  /** The peer's address; the unspecified one if the connection is gone. */
  static InetAddress address(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress()
        : IpAddr.v4(0).toInetAddress();
  }

  @Override
  public void close() {
    watch.close();
  }
}

package dev.weft.proxy.client;

import dev.weft.proxy.forward.FakeClientConnection;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ConnectionListener;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Connections which the test makes or refuses; also the codec that remembers them. */
final class FakeConnector implements Connector, ClientCodec {
  final ArrayDeque<Listener> attempts = new ArrayDeque<>();
  final List<FakeClientConnection> connections = new ArrayList<>();
  private final List<EmbeddedChannel> channels = new ArrayList<>();

  @Override
  public void connect(EventLoop loop, Listener listener) {
    attempts.add(listener);
  }

  @Override
  public ClientConnection connection(ConnectionListener listener) {
    FakeClientConnection connection = new FakeClientConnection(listener);
    connections.add(connection);
    return connection;
  }

  /** The oldest attempt succeeds. */
  FakeClientConnection succeed() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    attempts.remove().connected(channel);
    return connections.getLast();
  }

  /** The oldest attempt fails. */
  void fail() {
    attempts.remove().failed(Refusal.of(Refusal.Cause.BAD_GATEWAY, "refused by the test"));
  }

  void close() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
  }
}

package dev.weft.proxy.client;

import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.Refusal;
import io.netty.channel.EventLoop;

/**
 * HTTP/2 towards one address, with a {@link WaitingRoom} for requests that come while there is no
 * connection. The connection is made at the first request. Runs on its loop only.
 */
public final class QueuedHttp2Client implements HttpClient {
  private final Http2Client client;
  private final WaitingRoom room;

  /**
   * Not connected yet.
   *
   * @param capacity most requests that wait
   * @param failfastNanos how long they wait before all are refused
   */
  public QueuedHttp2Client(
      EventLoop loop,
      Connector connector,
      ClientCodec codec,
      Backoff backoff,
      int capacity,
      long failfastNanos) {
    this.room = new WaitingRoom(loop, capacity, failfastNanos, new WaitingRoom.Observer() {});
    this.client =
        new Http2Client(
            loop,
            connector,
            codec,
            backoff,
            new Http2Client.Observer() {
              @Override
              public void ready() {
                admit();
              }

              @Override
              public void unready() {}
            });
  }

  @Override
  public void send(Forward request) {
    if (client.isReady()) {
      client.open(request);
      return;
    }
    client.start();
    room.enter(
        new WaitingRoom.Guest() {
          @Override
          public void refused(Refusal refusal) {
            request.refuse(refusal);
          }

          @Override
          public boolean hasLeft() {
            return request.isOver();
          }

          @Override
          public void admitted() {
            client.open(request);
          }
        });
  }

  @Override
  public void close() {
    client.close();
    room.close();
  }

  private void admit() {
    room.open();
    while (client.isReady()) {
      WaitingRoom.Guest guest = room.next();
      if (guest == null) {
        return;
      }
      guest.admitted();
    }
    room.settle();
  }
}

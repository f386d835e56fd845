package dev.weft.proxy.runtime;

import dev.weft.proxy.config.IoTransport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of the process: workers for the data path, and one apart for admin, identity and
 * the control plane, so that a busy data path never delays a certificate. Thread-safe.
 */
public final class Loops implements AutoCloseable {
  private static final long SHUTDOWN_TIMEOUT_MILLIS = 5_000;

  /**
   * Not zero: a loop of Netty 4.2 that is told to stop while it runs tasks, and to be quick about
   * it, ends without another look at its channels and leaves their sockets open.
   */
  private static final long SHUTDOWN_QUIET_MILLIS = 10;

  private final IoTransport transport;
  private final EventLoopGroup workerGroup;
  private final EventLoopGroup adminGroup;
  private final List<EventLoop> workers;
  private final EventLoop admin;
  private final Map<EventExecutor, Integer> indexes;

  private Loops(IoTransport transport, int workerCount) {
    this.transport = transport;
    this.workerGroup =
        new MultiThreadIoEventLoopGroup(
            workerCount, new DefaultThreadFactory("weft-worker"), handlers(transport));
    this.adminGroup =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("weft-admin"), handlers(transport));
    this.admin = adminGroup.next();
    List<EventLoop> found = new ArrayList<>(workerCount);
    Map<EventExecutor, Integer> numbers = new IdentityHashMap<>();
    for (EventExecutor executor : workerGroup) {
      numbers.put(executor, found.size());
      found.add((EventLoop) executor);
    }
    this.workers = List.copyOf(found);
    this.indexes = numbers;
  }

  /**
   * Starts loops.
   *
   * @param workerCount loops of the data path, at least 1
   * @throws IllegalStateException if this machine lacks the transport
   */
  public static Loops start(IoTransport transport, int workerCount) {
    Throwable missing =
        switch (transport) {
          case EPOLL -> Epoll.unavailabilityCause();
          case IO_URING -> IoUring.unavailabilityCause();
          case NIO -> null;
        };
    if (missing != null) {
      throw new IllegalStateException(
          "event loops not started: transport "
              + transport
              + " is not available; cause: "
              + missing
              + "; fix: choose another with WEFT_PROXY_IO",
          missing);
    }
    return new Loops(transport, workerCount);
  }

  /** The best transport of this machine that needs no trial: epoll, or NIO where there is none. */
  public static IoTransport defaultTransport() {
    return Epoll.isAvailable() ? IoTransport.EPOLL : IoTransport.NIO;
  }

  private static IoHandlerFactory handlers(IoTransport transport) {
    return switch (transport) {
      case EPOLL -> EpollIoHandler.newFactory();
      case IO_URING -> IoUringIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  /** The mechanism of these loops. */
  public IoTransport transport() {
    return transport;
  }

  /** The loops of the data path; never shut them down one by one. */
  public EventLoopGroup workerGroup() {
    return workerGroup;
  }

  /** The loops of the data path, by index. */
  public List<EventLoop> workers() {
    return workers;
  }

  /** The loop of admin, identity and control plane. */
  public EventLoop admin() {
    return admin;
  }

  /**
   * The number of a worker from 0, for per-loop state such as shards of metrics.
   *
   * @throws IllegalArgumentException if the loop is none of the workers
   */
  public int indexOf(EventExecutor loop) {
    Integer index = indexes.get(loop);
    if (index == null) {
      throw new IllegalArgumentException("not a worker loop: " + loop);
    }
    return index;
  }

  /** The class of listening channels for {@link #workerGroup} and {@link #admin}. */
  public Class<? extends ServerSocketChannel> serverChannel() {
    return switch (transport) {
      case EPOLL -> EpollServerSocketChannel.class;
      case IO_URING -> IoUringServerSocketChannel.class;
      case NIO -> NioServerSocketChannel.class;
    };
  }

  /** The class of connecting channels. */
  public Class<? extends SocketChannel> socketChannel() {
    return switch (transport) {
      case EPOLL -> EpollSocketChannel.class;
      case IO_URING -> IoUringSocketChannel.class;
      case NIO -> NioSocketChannel.class;
    };
  }

  /** The class of datagram channels, for DNS. */
  public Class<? extends DatagramChannel> datagramChannel() {
    return switch (transport) {
      case EPOLL -> EpollDatagramChannel.class;
      case IO_URING -> IoUringDatagramChannel.class;
      case NIO -> NioDatagramChannel.class;
    };
  }

  /** Whether a channel's loop is the one this code runs on. */
  public static boolean on(Channel channel) {
    return channel.eventLoop().inEventLoop();
  }

  /** Stops all loops; what is still open is closed. Blocks for some seconds at most. */
  @Override
  public void close() {
    for (EventLoopGroup group : List.of(workerGroup, adminGroup)) {
      group.shutdownGracefully(
          SHUTDOWN_QUIET_MILLIS, SHUTDOWN_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }
    for (EventLoopGroup group : List.of(workerGroup, adminGroup)) {
      group
          .terminationFuture()
          .awaitUninterruptibly(SHUTDOWN_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}

package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the peer's frames mean: which stream they are for, whether its state and windows allow them,
 * and what they cost the peer. What a side alone can decide is asked of the connection. Runs on the
 * connection's loop only.
 *
 * <p>Source: RFC 9113, sections 5.1 and 6.
 */
final class PeerFrames implements FrameSink {
  private final Http2Connection connection;
  private final IntObjectHashMap<Http2Stream> streams;
  private final FrameWriter writer;
  private final FloodGuard guard;
  private final SendFlow sendFlow;
  private final ReceiveFlow receiveFlow;

  /** Of the DATA frame being read: its stream, null when it is to be dropped. */
  private @Nullable Http2Stream dataStream;

  private boolean dataEnds;
  private boolean dataSeen;

  PeerFrames(
      Http2Connection connection,
      FrameWriter writer,
      FloodGuard guard,
      SendFlow sendFlow,
      ReceiveFlow receiveFlow) {
    this.connection = connection;
    this.streams = connection.streams;
    this.writer = writer;
    this.guard = guard;
    this.sendFlow = sendFlow;
    this.receiveFlow = receiveFlow;
  }

  @Override
  public boolean isStopped() {
    return !connection.isOpen();
  }

  @Override
  public void dataBegins(int id, int length, boolean end) throws Http2Violation {
    receiveFlow.take(length);
    dataStream = null;
    dataEnds = end;
    dataSeen = false;
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      guard.onIgnored();
      connection.onUnknownStream(Frames.DATA, id);
    } else if (stream.remoteEnded) {
      connection.violate(stream, ErrorCode.STREAM_CLOSED, "DATA after the end of the message");
    } else if (!stream.headReceived) {
      connection.violate(stream, ErrorCode.PROTOCOL_ERROR, "DATA before the head");
    } else if (length > stream.receiveWindow) {
      connection.violate(stream, ErrorCode.FLOW_CONTROL_ERROR, "stream window exceeded");
    } else {
      stream.receiveWindow -= length;
      dataStream = stream;
    }
  }

  @Override
  public void dataPadding(int bytes) {
    if (dataStream != null) {
      receiveFlow.give(dataStream, bytes);
    } else {
      receiveFlow.give(bytes);
    }
  }

  @Override
  public void data(ByteBuf data, boolean last) throws Http2Violation {
    int bytes = data.readableBytes();
    boolean end = last && dataEnds;
    Http2Stream stream = dataStream;
    dataSeen |= bytes > 0;
    if (last) {
      dataStream = null;
      try {
        guard.onData(dataSeen, end);
      } catch (Http2Violation violation) {
        data.release();
        throw violation;
      }
    }
    if (stream == null || stream.closed) {
      data.release();
      receiveFlow.give(bytes);
      return;
    }
    if (stream.expectedBytes != Http2Stream.ANY_LENGTH) {
      stream.expectedBytes -= bytes;
      if (stream.expectedBytes < 0 || (end && stream.expectedBytes > 0)) {
        data.release();
        receiveFlow.give(bytes);
        connection.violate(stream, ErrorCode.PROTOCOL_ERROR, "body does not match content-length");
        return;
      }
    }
    if (bytes == 0 && !end) {
      data.release();
      return;
    }
    stream.unconsumed += bytes;
    stream.remoteEnded |= end;
    stream.listener().onData(data, end);
    if (end) {
      connection.finishIfDone(stream);
    }
  }

  @Override
  public void headers(int id, byte[] block, int offset, int length, boolean end)
      throws Http2Violation {
    guard.onHeaders();
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      connection.onBlockOfUnknownStream(id, block, offset, length, end);
      return;
    }
    connection.decode(block, offset, length);
    if (stream.remoteEnded) {
      connection.violate(stream, ErrorCode.STREAM_CLOSED, "HEADERS after the end of the message");
    } else {
      connection.onBlock(stream, end);
    }
  }

  @Override
  public void priority(int stream) throws Http2Violation {
    guard.onIgnored();
  }

  @Override
  public void unknown() throws Http2Violation {
    guard.onIgnored();
  }

  @Override
  public void rstStream(int id, long code) throws Http2Violation {
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      guard.onIgnored();
      connection.onUnknownStream(Frames.RST_STREAM, id);
      return;
    }
    connection.drop(stream, Reset.peer(code));
    connection.onPeerReset(stream);
  }

  @Override
  public void settingsBegin() throws Http2Violation {
    guard.onSettings();
  }

  @Override
  public void setting(int id, long value) throws Http2Violation {
    switch (id) {
      case Frames.SETTING_HEADER_TABLE_SIZE -> connection.encoder.hpack().peerTableSize(value);
      case Frames.SETTING_INITIAL_WINDOW_SIZE -> sendFlow.streamWindow(value);
      case Frames.SETTING_MAX_FRAME_SIZE -> {
        if (value < Frames.DEFAULT_MAX_FRAME_BYTES || value > Frames.LARGEST_MAX_FRAME_BYTES) {
          throw new Http2Violation(ErrorCode.PROTOCOL_ERROR, "frame size of " + value + " bytes");
        }
        writer.maxFrameBytes((int) value);
      }
      default -> connection.onPeerSetting(id, value);
    }
  }

  @Override
  public void settingsEnd() throws Http2Violation {
    writer.settingsAck();
    sendFlow.applySettings();
    connection.onPeerSettings();
  }

  @Override
  public void settingsAck() throws Http2Violation {
    guard.onIgnored();
    receiveFlow.settingsAcknowledged();
  }

  @Override
  public void ping(long payload) throws Http2Violation {
    guard.onPing();
    writer.ping(payload, true);
  }

  @Override
  public void pingAck(long payload) throws Http2Violation {
    guard.onIgnored();
    if (payload != Http2Connection.KEEP_ALIVE_PING) {
      connection.onPingAnswered(payload);
    }
  }

  @Override
  public void goAway(int last, long code, String debug) throws Http2Violation {
    guard.onIgnored();
    connection.onGoAway(last, code, debug);
  }

  @Override
  public void windowUpdate(int id, int increment) throws Http2Violation {
    guard.onWindowUpdate();
    if (id == 0) {
      sendFlow.grow(increment);
      return;
    }
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      connection.onUnknownStream(Frames.WINDOW_UPDATE, id);
    } else {
      sendFlow.grow(stream, increment);
    }
  }
}

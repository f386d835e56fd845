package dev.weft.proxy.forward;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.Methods;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ResponseListener;
import dev.weft.proxy.http.ServerExchange;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way from the connection it came on to the one it goes out on, and its response
 * on the way back. Runs on the one loop of both connections only.
 *
 * <p>Until {@link #open} or {@link #refuse} is called it holds what arrives; the peer's flow
 * control bounds that, since nothing is reported as consumed. Later each side gets credit only as
 * the other one drains. The request can be opened again on another connection as long as {@link
 * ForwardListener#resend} is asked: what was sent is kept, up to {@link Replay#MAX_BYTES}, until
 * the response begins, or until the owner lets it pass, see {@link ForwardListener#judge}.
 *
 * <p>Resets pass through with their code between HTTP/2 connections; towards HTTP/1, and before a
 * response, they become 502. Source: facts/proxy.md 2.6 to 2.8, 3.14.
 */
public final class Forward implements RequestListener {
  /** Connections that one request is sent on at most; a rolling restart needs two or three. */
  private static final int MAX_ATTEMPTS = 5;

  private enum Stage {
    /** Waits for a connection. */
    WAITING,
    /** Sent to an endpoint that has not answered yet. */
    SENT,
    /** The response, or a tunnel, is under way. */
    ANSWERED,
    /** Nothing more is passed on; what still comes is dropped. */
    OVER
  }

  private final ServerExchange server;
  private final Answers answers;
  private final boolean carried;
  private final boolean grpc;
  private final HttpVersion requestVersion;
  private final Replay request;
  private final Upstream upstream = new Upstream();

  private final RequestHead head;
  private ForwardListener listener;
  private Stage stage = Stage.WAITING;
  private @Nullable ClientExchange client;

  /** The head of a response that waits for what follows it, see {@link ForwardListener#judge}. */
  private @Nullable ResponseHead held;

  private boolean restoresVersion;
  private boolean onReusedConnection;

  /** Attempts since the owner last granted a retry. */
  private int attempts;

  private boolean requestEnded;
  private boolean responseEnded;
  private boolean sawData;
  private boolean tunnel;

  /** Bytes of the request delivered by the server, and how many of them were given back. */
  private long received;

  private long returned;

  /** Bytes of the request that the present attempt wrote. */
  private long written;

  /**
   * Takes over a request that just began.
   *
   * @param head owned from here; to be changed before {@link #open} only
   * @param carried whether it is an HTTP/1 request that came over HTTP/2, see {@link
   *     OrigProto#restore(RequestHead)}
   * @param end whether the request has neither body nor trailers
   */
  public Forward(
      RequestHead head,
      ServerExchange server,
      boolean carried,
      boolean end,
      Answers answers,
      ForwardListener listener) {
    this.head = head;
    this.server = server;
    this.carried = carried;
    this.answers = answers;
    this.listener = listener;
    this.requestVersion = head.version;
    this.grpc = head.version == HttpVersion.HTTP_2 && head.isGrpc();
    this.requestEnded = end;
    this.request = new Replay(end);
  }

  /** The request; must not be changed after {@link #open}. */
  public RequestHead head() {
    return head;
  }

  /** The exchange it came on. */
  public ServerExchange server() {
    return server;
  }

  /** Whether it is a gRPC call over HTTP/2. */
  public boolean isGrpc() {
    return grpc;
  }

  /** Whether nothing can or need be done for it any more: answered, or given up by the client. */
  public boolean isOver() {
    return stage == Stage.OVER;
  }

  /** Whether nothing of it was answered yet, so that {@link #refuse} still answers. */
  public boolean isUnanswered() {
    return stage == Stage.WAITING || stage == Stage.SENT;
  }

  /** Bytes of the request's body that arrived so far. */
  public long receivedBytes() {
    return received;
  }

  /** Whether all of the request that arrived is still here. */
  public boolean canResend() {
    return request.canResend();
  }

  /**
   * Takes the request back from an endpoint that has not answered, so that it can be opened again.
   * Only while {@link #canResend}.
   *
   * @return false if there is nothing to take back: it waits, was answered or is over
   */
  public boolean takeBack() {
    if (stage != Stage.SENT || !request.canResend()) {
      return false;
    }
    ClientExchange sent = client;
    client = null;
    held = null;
    stage = Stage.WAITING;
    attempts = 0;
    if (sent != null) {
      sent.reset(Reset.CANCEL);
    }
    return true;
  }

  /** Replaces who hears of the next attempt. Only while it waits. */
  public void listener(ForwardListener next) {
    listener = next;
  }

  /**
   * Sends the request on a connection. Only while it waits; does nothing when it is over.
   *
   * <p>An HTTP/1 request on an HTTP/2 connection is carried as such, see {@link OrigProto}.
   *
   * @param http2 whether the connection speaks HTTP/2
   * @param reused whether it carried requests before: then its peer may close it just now, and a
   *     request that can be repeated is not failed by that
   */
  public void open(ClientConnection connection, boolean http2, boolean reused) {
    if (stage == Stage.OVER) {
      return;
    }
    if (stage != Stage.WAITING) {
      throw new IllegalStateException("request was opened already: " + head);
    }
    stage = Stage.SENT;
    attempts++;
    onReusedConnection = reused;
    written = 0;
    RequestHead sent = head.copy();
    listener.onRequest(sent);
    restoresVersion = http2 && requestVersion.isHttp1();
    if (restoresVersion) {
      OrigProto.carry(sent);
    }
    client = connection.open(sent, request.isEmptyMessage(), upstream);
    request.replay(upstream::send, upstream::sendTrailers);
    sentIfEnded();
  }

  private void sentIfEnded() {
    if (requestEnded && stage == Stage.SENT) {
      listener.onSent();
    }
  }

  /**
   * There is no connection to send it on: the listener may take it elsewhere, else it is refused.
   * Only while it waits; does nothing when it is over.
   */
  public void unsent(Refusal refusal) {
    if (stage != Stage.WAITING) {
      return;
    }
    attempts++;
    if (attempts >= MAX_ATTEMPTS || !listener.resend(this, Reset.unprocessed(refusal.message()))) {
      giveUp(refusal);
    }
  }

  /** Answers a waiting request in place of the endpoint, unless it is to be tried again. */
  private void giveUp(Refusal refusal) {
    if (request.canResend() && listener.retries(refusal)) {
      attempts = 0;
      listener.onTakenBack();
    } else {
      refuse(refusal);
    }
  }

  /** Ends the request with an answer of the proxy. Does nothing when it is over. */
  public void refuse(Refusal refusal) {
    switch (stage) {
      case WAITING, SENT -> {
        ClientExchange sent = detach();
        stage = Stage.OVER;
        if (sent != null) {
          sent.reset(Reset.CANCEL);
          listener.onEnd(Reset.local(ErrorCode.CANCEL, refusal.message()));
        }
        listener.onRefused(refusal);
        answers.respond(server, grpc, refusal);
        responseEnded = true;
        abandonRequest();
        listener.onOver();
      }
      case ANSWERED ->
          fail(
              Reset.local(ErrorCode.INTERNAL_ERROR, refusal.message()),
              Refusal.of(Refusal.Cause.UNEXPECTED, refusal.message()));
      case OVER -> {}
    }
  }

  // From the client of this proxy.

  @Override
  public void onData(ByteBuf data, boolean end) {
    received += data.readableBytes();
    listener.onRequestData(data.readableBytes());
    requestEnded |= end;
    switch (stage) {
      case OVER -> {
        data.release();
        giveBackAll();
      }
      case WAITING -> request.hold(data, end);
      case SENT -> {
        request.keep(data, end);
        upstream.send(data, end);
        listener.onProgress();
        sentIfEnded();
      }
      case ANSWERED -> {
        upstream.send(data, end);
        listener.onProgress();
        finishIfDone();
      }
    }
  }

  @Override
  public void onTrailers(HeaderBlock trailers) {
    requestEnded = true;
    switch (stage) {
      case OVER -> {}
      case WAITING -> request.hold(trailers);
      case SENT -> {
        request.keep(trailers);
        upstream.sendTrailers(trailers);
        sentIfEnded();
      }
      case ANSWERED -> {
        upstream.sendTrailers(trailers);
        finishIfDone();
      }
    }
  }

  @Override
  public void onReset(Reset reason) {
    if (stage == Stage.OVER) {
      return;
    }
    boolean attempted = stage != Stage.WAITING;
    ClientExchange sent = detach();
    stage = Stage.OVER;
    if (sent != null) {
      sent.reset(reason.origin() == Reset.Origin.PEER ? reason : Reset.CANCEL);
    }
    if (attempted) {
      // A client that wants nothing more of a complete response did not fail it.
      listener.onEnd(responseEnded ? null : Reset.local(ErrorCode.CANCEL, "the client went away"));
    }
    listener.onOver();
  }

  @Override
  public void onWritten(int bytes) {
    if (client != null) {
      client.consumed(bytes);
    }
  }

  /** From the endpoint. */
  private final class Upstream implements ResponseListener {
    void send(ByteBuf data, boolean end) {
      ClientExchange to = client;
      if (to == null) {
        data.release();
      } else {
        to.data(data, end);
      }
    }

    void sendTrailers(HeaderBlock trailers) {
      ClientExchange to = client;
      if (to != null) {
        to.trailers(trailers);
      }
    }

    @Override
    public void onWritten(int bytes) {
      written += bytes;
      if (written > returned) {
        int back = (int) (written - returned);
        returned = written;
        server.consumed(back);
      }
    }

    @Override
    public void onInformational(ResponseHead informational) {
      if (stage == Stage.SENT) {
        server.informational(informational);
      }
    }

    @Override
    public void onResponse(ResponseHead response, boolean end) {
      if (stage != Stage.SENT) {
        return;
      }
      if (requestEnded && request.canResend()) {
        switch (listener.judge(response, end)) {
          case PASS -> {}
          case RETRY -> {
            retry(end);
            return;
          }
          case HOLD -> {
            held = response;
            return;
          }
        }
      }
      pass(response, end);
    }

    /** Drops the response; a complete one leaves its connection in order. */
    private void retry(boolean complete) {
      if (complete) {
        client = null;
      }
      if (takeBack()) {
        listener.onTakenBack();
      }
    }

    private void passHeld() {
      ResponseHead response = held;
      if (response != null) {
        held = null;
        pass(response, false);
      }
    }

    private void pass(ResponseHead response, boolean end) {
      if (!begin(response, end)) {
        return;
      }
      responseEnded = end;
      server.respond(response, end);
      finishIfDone();
    }

    @Override
    public void onUpgrade(ResponseHead response) {
      if (!begin(response, false)) {
        return;
      }
      tunnel = true;
      // A CONNECT request ends with its head; what follows is the tunnel's.
      requestEnded = false;
      server.upgrade(response);
    }

    private boolean begin(ResponseHead response, boolean end) {
      if (stage != Stage.SENT) {
        return false;
      }
      stage = Stage.ANSWERED;
      request.forget();
      if (restoresVersion) {
        OrigProto.restore(response, requestVersion);
      }
      listener.onResponse(response, end);
      if (stage != Stage.ANSWERED) {
        return false;
      }
      if (carried) {
        OrigProto.carry(response);
      }
      return true;
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      passHeld();
      if (stage != Stage.ANSWERED) {
        data.release();
        return;
      }
      listener.onProgress();
      if (!sawData && data.isReadable()) {
        sawData = true;
        listener.onFirstData();
      }
      listener.onData(data.readableBytes());
      responseEnded |= end;
      server.data(data, end);
      finishIfDone();
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
      if (stage == Stage.SENT && held != null && listener.retries(held, trailers)) {
        retry(true);
        return;
      }
      passHeld();
      if (stage != Stage.ANSWERED) {
        return;
      }
      listener.onTrailers(trailers);
      responseEnded = true;
      server.trailers(trailers);
      finishIfDone();
    }

    @Override
    public void onReset(Reset reason) {
      switch (stage) {
        case SENT -> failBeforeResponse(reason);
        case ANSWERED -> {
          if (responseEnded) {
            // The endpoint has answered and wants no more of the request.
            detach();
            stage = Stage.OVER;
            listener.onEnd(null);
            abandonRequest();
            listener.onOver();
          } else {
            fail(reason, Refusal.of(Refusal.Cause.BAD_GATEWAY, text(reason)));
          }
        }
        case WAITING, OVER -> {}
      }
    }
  }

  private void failBeforeResponse(Reset reason) {
    client = null;
    held = null;
    stage = Stage.WAITING;
    listener.onEnd(reason);
    if (stage != Stage.WAITING) {
      return;
    }
    if (mayResend(reason) && listener.resend(this, reason)) {
      return;
    }
    if (reason.origin() == Reset.Origin.PEER && passesResets()) {
      stage = Stage.OVER;
      request.release();
      server.reset(reason);
      listener.onOver();
      return;
    }
    giveUp(Refusal.of(Refusal.Cause.BAD_GATEWAY, text(reason)));
  }

  private boolean mayResend(Reset reason) {
    if (attempts >= MAX_ATTEMPTS || !request.canResend()) {
      return false;
    }
    return reason.isUnprocessed()
        || (onReusedConnection
            && reason.origin() == Reset.Origin.CONNECTION
            && Methods.isIdempotent(head.method));
  }

  /**
   * Ends a response that has begun and cannot be completed.
   *
   * @param trailers what gRPC clients get instead of a reset
   */
  private void fail(Reset reason, Refusal trailers) {
    ClientExchange broken = detach();
    stage = Stage.OVER;
    listener.onEnd(reason);
    if (broken != null) {
      broken.reset(Reset.CANCEL);
    }
    if (grpc && reason.origin() != Reset.Origin.PEER && !tunnel) {
      server.trailers(answers.trailers(trailers));
      responseEnded = true;
      abandonRequest();
    } else {
      boolean passes = reason.origin() == Reset.Origin.PEER && passesResets();
      server.reset(passes ? reason : Reset.local(ErrorCode.INTERNAL_ERROR, text(reason)));
    }
    listener.onOver();
  }

  private boolean passesResets() {
    return requestVersion == HttpVersion.HTTP_2;
  }

  private static String text(Reset reason) {
    return reason.detail().isEmpty() ? "stream reset: " + reason.codeName() : reason.detail();
  }

  private void finishIfDone() {
    if (stage == Stage.ANSWERED && responseEnded && requestEnded) {
      stage = Stage.OVER;
      listener.onEnd(null);
      listener.onOver();
      // Credit still flows: buffers may hold the last bytes. The exchange object stays until then.
    }
  }

  private @Nullable ClientExchange detach() {
    ClientExchange was = client;
    client = null;
    held = null;
    request.release();
    return was;
  }

  /** The response is complete; whatever the client still sends is dropped. */
  private void abandonRequest() {
    stage = Stage.OVER;
    giveBackAll();
    if (!requestEnded && requestVersion == HttpVersion.HTTP_2) {
      server.reset(Reset.NO_ERROR);
    }
  }

  private void giveBackAll() {
    if (received > returned) {
      int back = (int) (received - returned);
      returned = received;
      server.consumed(back);
    }
  }
}

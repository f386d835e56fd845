package dev.weft.proxy.admin;

import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.Methods;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerExchange;
import dev.weft.proxy.tls.PeerTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns exchanges into requests to the {@link AdminApi} and back. Runs on the admin loop only. */
final class AdminExchanges implements ExchangeHandler {
  /** Largest body read; the longest is a log filter. */
  static final int MAX_BODY_BYTES = 8 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(AdminExchanges.class);
  private static final AsciiString ACCEPT = AsciiString.cached("accept");
  private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("accept-encoding");
  private static final AsciiString ALLOW = AsciiString.cached("allow");
  private static final AsciiString CONTENT_ENCODING = AsciiString.cached("content-encoding");
  private static final AsciiString GZIP = AsciiString.cached("gzip");
  private static final AsciiString PROXY_ERROR = AsciiString.cached("l5d-proxy-error");

  private final AdminApi api;
  private final AdminGate gate;

  AdminExchanges(AdminApi api, AdminGate gate) {
    this.api = api;
    this.gate = gate;
  }

  @Override
  public RequestListener onRequest(RequestHead head, ServerExchange exchange, boolean end) {
    Exchange handling = new Exchange(head, exchange);
    if (end) {
      handling.complete();
    }
    return handling;
  }

  /** One request. */
  private final class Exchange implements RequestListener {
    private final RequestHead head;
    private final ServerExchange exchange;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private boolean answered;

    Exchange(RequestHead head, ServerExchange exchange) {
      this.head = head;
      this.exchange = exchange;
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      int size = data.readableBytes();
      try {
        if (!answered && body.size() + size <= MAX_BODY_BYTES) {
          byte[] bytes = new byte[size];
          data.readBytes(bytes);
          body.writeBytes(bytes);
        } else if (!answered) {
          respond(AdminResponse.text(413, "at most " + MAX_BODY_BYTES + " bytes are read\n"));
        }
      } finally {
        data.release();
      }
      exchange.consumed(size);
      if (end) {
        complete();
      }
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
      complete();
    }

    @Override
    public void onReset(Reset reason) {
      answered = true;
    }

    @Override
    public void onWritten(int bytes) {}

    void complete() {
      if (answered) {
        return;
      }
      Channel channel = exchange.connection().channel();
      AdminGate.Refused refused = gate.judge(channel, head);
      if (refused != null) {
        refuse(channel, refused);
        return;
      }
      respond(api.answer(request(channel)));
    }

    private AdminRequest request(Channel channel) {
      String target = head.path.toString();
      int mark = target.indexOf('?');
      AsciiString encodings = head.headers.get(ACCEPT_ENCODING);
      AsciiString accept = head.headers.get(ACCEPT);
      return new AdminRequest(
          head.method.toString(),
          mark < 0 ? target : target.substring(0, mark),
          mark < 0 ? null : target.substring(mark + 1),
          accept == null ? null : accept.toString(),
          encodings != null && AsciiString.contains(encodings, GZIP),
          AdminGate.address(channel).isLoopbackAddress(),
          body.toString(StandardCharsets.UTF_8));
    }

    /** Reasons are told to those only who have a mesh identity. */
    private void refuse(Channel channel, AdminGate.Refused refused) {
      LOG.info("admin request refused; cause: {}", refused.reason());
      ResponseHead response = ResponseHead.of(refused.status());
      response.headers.add(HeaderNames.CONTENT_LENGTH, AsciiString.of("0"));
      boolean meshed = PeerTls.of(channel).map(tls -> tls.identity() != null).orElse(false);
      if (meshed) {
        response.headers.add(PROXY_ERROR, AsciiString.of(refused.reason()));
      }
      answered = true;
      exchange.respond(response, true);
    }

    private void respond(AdminResponse answer) {
      answered = true;
      ResponseHead response = ResponseHead.of(answer.status());
      add(response, HeaderNames.CONTENT_TYPE, answer.contentType());
      add(response, ALLOW, answer.allow());
      if (answer.gzip()) {
        response.headers.add(CONTENT_ENCODING, GZIP);
      }
      if (answer.status() != 204) {
        response.headers.add(
            HeaderNames.CONTENT_LENGTH, AsciiString.of(Integer.toString(answer.body().length)));
      }
      boolean bodyless = answer.body().length == 0 || Methods.HEAD.equals(head.method);
      exchange.respond(response, bodyless);
      if (!bodyless) {
        exchange.data(Unpooled.wrappedBuffer(answer.body()), true);
      }
    }

    private static void add(ResponseHead response, AsciiString name, @Nullable String value) {
      if (value != null) {
        response.headers.add(name, AsciiString.of(value));
      }
    }
  }
}

/**
 * The internal HTTP stream interface in which HTTP/1 and HTTP/2 meet: heads, data, trailers, resets
 * and credit. Does not parse a wire format and does not decide where a request goes.
 *
 * <p>An accepting connection calls an {@link dev.weft.proxy.http.ExchangeHandler} once per request;
 * a {@link dev.weft.proxy.http.ClientConnection} opens a {@link
 * dev.weft.proxy.http.ClientExchange}. Both directions of both sides look alike:
 *
 * <pre>{@code
 * peer ──▶ codec ──▶ BodyListener.onData(buf, end)      you got bytes (you own buf)
 * peer ◀── codec ◀── BodySource.consumed(n)             they are gone: the peer may send n more
 *
 * peer ◀── codec ◀── BodySink.data(buf, end)            you send bytes (the codec owns buf)
 *          codec ──▶ BodyListener.onWritten(n)          they left: you may send n more
 * }</pre>
 *
 * So a forwarder passes {@code onData} on to the other side's {@code data}, and the other side's
 * {@code onWritten} back to {@code consumed}; HTTP/2 windows and HTTP/1 reads then open only as the
 * far side drains, and a body of any size passes in bounded memory.
 */
@NullMarked
package dev.weft.proxy.http;

import org.jspecify.annotations.NullMarked;

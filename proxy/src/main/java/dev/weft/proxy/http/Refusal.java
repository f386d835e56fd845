package dev.weft.proxy.http;

/**
 * Why a codec refused what a peer sent.
 *
 * @param status the HTTP status answered, or 0 when a stream or connection was reset instead
 * @param code the HTTP/2 error code; PROTOCOL_ERROR for HTTP/1
 * @param cause what was wrong, in words that hold nothing of the message's content
 * @param closes whether the connection ends
 */
public record Refusal(int status, ErrorCode code, String cause, boolean closes) {}

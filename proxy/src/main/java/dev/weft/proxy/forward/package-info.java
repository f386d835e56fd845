/**
 * Carries one request from the connection it came on to the connection it goes out on, and answers
 * in place of an endpoint when there is none to answer. Refuses to choose where a request goes.
 *
 * <p>A {@link dev.weft.proxy.forward.Forward} is made when a request's head arrives; whoever routes
 * it gives it a connection ({@link dev.weft.proxy.forward.Forward#open}) or a {@link
 * dev.weft.proxy.forward.Refusal}.
 */
@NullMarked
package dev.weft.proxy.forward;

import org.jspecify.annotations.NullMarked;

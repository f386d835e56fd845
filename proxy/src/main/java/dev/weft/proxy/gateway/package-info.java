/**
 * What joins the inbound side to the outbound side where this proxy is a gateway: requests and
 * connections that came for a service rather than for the application beside it. Decides nothing.
 */
@NullMarked
package dev.weft.proxy.gateway;

import org.jspecify.annotations.NullMarked;

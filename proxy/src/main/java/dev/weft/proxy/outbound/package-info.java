/**
 * The way out: finds where a client's bytes and requests lead, chooses an endpoint and carries them
 * there, meshed wherever the endpoint can be. Refuses to judge who may talk: the receiving side
 * does.
 */
@NullMarked
package dev.weft.proxy.outbound;

import org.jspecify.annotations.NullMarked;

/**
 * Tells operators what happened to the issuer and which leaves were signed. Refuses to decide
 * anything.
 */
@NullMarked
package dev.weft.identity.event;

import org.jspecify.annotations.NullMarked;

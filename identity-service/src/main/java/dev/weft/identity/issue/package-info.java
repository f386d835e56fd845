/**
 * Signs certificate requests: the issuer and its reload, the rules for requests, the contents of a
 * leaf. Refuses to know how a token is judged, and who asks over which wire.
 */
@NullMarked
package dev.weft.identity.issue;

import org.jspecify.annotations.NullMarked;

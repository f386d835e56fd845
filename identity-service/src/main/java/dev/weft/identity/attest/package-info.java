/**
 * Judges whom a token speaks for: by the API server's TokenReview, or by a set of public keys.
 * Refuses to know what the answer is used for.
 */
@NullMarked
package dev.weft.identity.attest;

import org.jspecify.annotations.NullMarked;

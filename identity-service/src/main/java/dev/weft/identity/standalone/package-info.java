/**
 * The state directory of a mesh on one machine: trust anchor, issuer and the key that signs
 * workload tokens, made once. Refuses to replace anything that exists.
 */
@NullMarked
package dev.weft.identity.standalone;

import org.jspecify.annotations.NullMarked;

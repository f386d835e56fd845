/**
 * {@code weft check}: what can be wrong with a cluster and the mesh on it, one object a check, in
 * the contract's order. Refuses to mend anything.
 */
@NullMarked
package dev.weft.cli.check;

import org.jspecify.annotations.NullMarked;

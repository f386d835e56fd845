/**
 * How a source serves its watches: who is told what, and when, alike for every adapter. Refuses to
 * know where objects come from.
 */
@NullMarked
package dev.weft.resources.watch;

import org.jspecify.annotations.NullMarked;

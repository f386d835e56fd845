/** The charts as data, and rendering them. Does not talk to a cluster. */
@NullMarked
package dev.weft.helm;

import org.jspecify.annotations.NullMarked;

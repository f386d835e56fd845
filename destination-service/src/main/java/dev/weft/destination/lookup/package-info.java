/** What a client asks for: authorities and context tokens, read. Refuses to know what exists. */
@NullMarked
package dev.weft.destination.lookup;

import org.jspecify.annotations.NullMarked;

/** The command line, {@code weft}. Keeps no state of its own: what it knows lies in files. */
@NullMarked
package dev.weft.cli;

import org.jspecify.annotations.NullMarked;

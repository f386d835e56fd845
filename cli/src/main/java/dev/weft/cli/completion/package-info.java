/** {@code weft completion}: scripts that let shells complete commands and options. */
@NullMarked
package dev.weft.cli.completion;

import org.jspecify.annotations.NullMarked;

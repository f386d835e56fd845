/**
 * The operator's first day on a real cluster: the commands of {@code docs/getting-started.md}, run
 * in order with traffic flowing.
 */
@NullMarked
package dev.weft.e2e.walk;

import org.jspecify.annotations.NullMarked;

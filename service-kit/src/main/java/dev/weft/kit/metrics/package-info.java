/** Small additions to Micrometer. Refuses to know what is counted. */
@NullMarked
package dev.weft.kit.metrics;

import org.jspecify.annotations.NullMarked;

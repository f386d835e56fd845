/** Attests a workload and signs its certificate request. Knows nothing of routes. */
@NullMarked
package dev.weft.identity;

import org.jspecify.annotations.NullMarked;

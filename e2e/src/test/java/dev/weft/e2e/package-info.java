/** Tests of the whole: real processes, and the arrows between the modules. */
@NullMarked
package dev.weft.e2e;

import org.jspecify.annotations.NullMarked;

/**
 * The injector: answers the API server's admission reviews of pods and Services with what {@code
 * injection} decides. Refuses to decide anything itself, and to do anything at run time.
 */
@NullMarked
package dev.weft.injector;

import org.jspecify.annotations.NullMarked;

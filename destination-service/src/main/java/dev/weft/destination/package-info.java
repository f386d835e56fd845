/** Where a name leads: endpoints, profiles, zones. Does not decide who may talk. */
@NullMarked
package dev.weft.destination;

import org.jspecify.annotations.NullMarked;

/**
 * Judges ServiceProfiles before they are stored: what could not be told to proxies is refused, so
 * that whoever writes it learns of it at once. Refuses to know what is served.
 */
@NullMarked
package dev.weft.destination.admission;

import org.jspecify.annotations.NullMarked;

/**
 * The destination API: requests in, streams out, and the life of the service around them. Refuses
 * to know how answers come about.
 */
@NullMarked
package dev.weft.destination.serve;

import org.jspecify.annotations.NullMarked;

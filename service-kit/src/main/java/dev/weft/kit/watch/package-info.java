/**
 * Watch streams: one published snapshot per key, and per subscriber a cursor which coalesces to the
 * newest. Refuses to queue: a slow subscriber costs one reference, and never holds up a publisher.
 *
 * <p>Lock discipline, whole: an index is confined to one {@link dev.weft.kit.watch.SerialLoop},
 * which alone publishes. A stream is written only by its own drain, of which at most one runs at a
 * time. Between them stands a volatile reference to an immutable snapshot; no code holds a lock
 * while it calls foreign code.
 */
@NullMarked
package dev.weft.kit.watch;

import org.jspecify.annotations.NullMarked;

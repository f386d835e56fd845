/**
 * Traces: reads and rewrites the trace context of requests, and sends spans of sampled ones to an
 * OpenTelemetry collector. Starts no trace by itself, and never makes a request wait.
 */
@NullMarked
package dev.weft.proxy.trace;

import org.jspecify.annotations.NullMarked;

package dev.weft.proxy.control;

import dev.weft.proxy.config.BackoffConfig;
import dev.weft.proxy.config.ControlConfig.StreamLimits;
import java.time.Duration;

/**
 * How streams of one kind are kept.
 *
 * @param backoff pauses between attempts
 * @param limits bounds on one stream
 * @param retention how long a stream without users is kept
 */
record WatchSettings(BackoffConfig backoff, StreamLimits limits, Duration retention) {}

package dev.weft.proxy.config;

import java.time.Duration;

/**
 * The bound on what waits for an endpoint.
 *
 * @param capacity most requests or connections that wait
 * @param failfastTimeout how long they wait before all of them fail
 */
public record QueueConfig(int capacity, Duration failfastTimeout) {}

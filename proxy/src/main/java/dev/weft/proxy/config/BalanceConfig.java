package dev.weft.proxy.config;

import java.time.Duration;

/**
 * What counts in choosing among endpoints besides their load and weight.
 *
 * @param slowStart how long a new endpoint takes to get its whole share; zero for none
 * @param otherZoneShare what an endpoint in another zone than this proxy gets beside one in the
 *     same zone, 0 (excluded) to 1
 */
public record BalanceConfig(Duration slowStart, double otherZoneShare) {}

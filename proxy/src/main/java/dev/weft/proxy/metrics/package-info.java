/**
 * Counters, gauges and histograms written by one loop each and summed when read. Refuses to know
 * what is measured: families are declared by those who measure.
 */
@NullMarked
package dev.weft.proxy.metrics;

import org.jspecify.annotations.NullMarked;

/**
 * The environment of the proxy as typed settings. Refuses to guess: every bad value is named, and
 * one is enough to refuse the start.
 */
@NullMarked
package dev.weft.proxy.config;

import org.jspecify.annotations.NullMarked;

/**
 * The admin endpoints every control-plane service has beside {@code /q/health} and {@code
 * /metrics}. Refuses to serve anything which changes state.
 */
@NullMarked
package dev.weft.kit.admin;

import org.jspecify.annotations.NullMarked;

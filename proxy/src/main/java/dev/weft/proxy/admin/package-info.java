/**
 * The admin port: readiness, metrics, log level, environment and shutdown of this process, under
 * the policy of that port. Refuses to carry traffic.
 */
@NullMarked
package dev.weft.proxy.admin;

import org.jspecify.annotations.NullMarked;

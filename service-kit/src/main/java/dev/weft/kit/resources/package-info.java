/**
 * Gives a control-plane service its {@code ResourceSource}, as configured, with readiness and
 * metrics. A service that injects none pays for none. Refuses to know what objects are used for.
 */
@NullMarked
package dev.weft.kit.resources;

import org.jspecify.annotations.NullMarked;

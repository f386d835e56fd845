/**
 * Turns a pod into a meshed pod: installation values, namespace and pod in, a JSON patch out, the
 * same for the webhook and for {@code weft inject}. Refuses to read a file, a clock or a network.
 *
 * <p>Manifests are Jackson trees ({@code ObjectNode}); they are only read and built, never bound to
 * classes, so that nothing here needs reflection.
 */
@NullMarked
package dev.weft.injection;

import org.jspecify.annotations.NullMarked;

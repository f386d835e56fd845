/**
 * {@code weft inject} and {@code uninject}: manifests in, manifests out, with or without the mesh.
 * Refuses to write to a cluster.
 */
@NullMarked
package dev.weft.cli.inject;

import org.jspecify.annotations.NullMarked;

/**
 * Where resources come from: a cluster, or a directory of manifests. Hands out no type of a client
 * library.
 */
@NullMarked
package dev.weft.resources;

import org.jspecify.annotations.NullMarked;

/**
 * Every Kubernetes and custom resource that Weft reads, as a plain record of just the fields it
 * reads, with the defaults of its schema filled in. Refuses to know where objects come from, how
 * they were written down, or what they mean together.
 */
@NullMarked
package dev.weft.mesh.resource;

import org.jspecify.annotations.NullMarked;

/**
 * The lead among replicas, held by a Kubernetes Lease: for work that one of them has to do. Refuses
 * to know the work.
 */
@NullMarked
package dev.weft.kit.lease;

import org.jspecify.annotations.NullMarked;

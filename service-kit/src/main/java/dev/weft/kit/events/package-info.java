/**
 * Tells operators what happened, as Kubernetes Events where there is a cluster and in the log where
 * there is none. Refuses to know what the events mean.
 */
@NullMarked
package dev.weft.kit.events;

import org.jspecify.annotations.NullMarked;

/**
 * What commands see of a Kubernetes cluster: objects as JSON trees, and ports of pods. Refuses to
 * hand out a type of the client library, and to load it before a command needs a cluster.
 */
@NullMarked
package dev.weft.cli.kube;

import org.jspecify.annotations.NullMarked;

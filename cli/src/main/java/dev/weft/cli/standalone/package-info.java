/**
 * A mesh on one machine: the control plane as local processes, and any program as a meshed
 * workload. Refuses to talk to a cluster.
 */
@NullMarked
package dev.weft.cli.standalone;

import org.jspecify.annotations.NullMarked;

/**
 * Objects from a Kubernetes API server: one list and watch per kind, decoded straight into records.
 * Refuses to write, and to hand out a type of the client library.
 */
@NullMarked
package dev.weft.resources.kubernetes;

import org.jspecify.annotations.NullMarked;

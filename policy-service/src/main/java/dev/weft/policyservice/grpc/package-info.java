/**
 * The two gRPC services: from requests to keys of the index, and from its answers to streams and
 * statuses. Refuses to compute policy.
 */
@NullMarked
package dev.weft.policyservice.grpc;

import org.jspecify.annotations.NullMarked;

/** The data plane: a Netty proxy beside each workload. Does not talk to Kubernetes. */
@NullMarked
package dev.weft.proxy;

import org.jspecify.annotations.NullMarked;

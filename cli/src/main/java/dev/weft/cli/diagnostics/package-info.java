/**
 * {@code weft diagnostics}: what control plane and proxies know, asked through the cluster. Refuses
 * to interpret it.
 */
@NullMarked
package dev.weft.cli.diagnostics;

import org.jspecify.annotations.NullMarked;

/**
 * {@code weft identity}: the certificates with which proxies present themselves. Refuses to judge
 * them.
 */
@NullMarked
package dev.weft.cli.identity;

import org.jspecify.annotations.NullMarked;

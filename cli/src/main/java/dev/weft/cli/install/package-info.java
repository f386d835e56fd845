/**
 * {@code weft install}, {@code upgrade}, {@code prune}, {@code uninstall}: manifests of the control
 * plane, rendered from the charts. Refuses to write to a cluster; what it prints is for {@code
 * kubectl}.
 */
@NullMarked
package dev.weft.cli.install;

import org.jspecify.annotations.NullMarked;

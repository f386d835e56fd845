/**
 * Objects from directories of manifests, watched for changes: the embedded default, a whole mesh
 * with no cluster. Refuses to write.
 */
@NullMarked
package dev.weft.resources.directory;

import org.jspecify.annotations.NullMarked;

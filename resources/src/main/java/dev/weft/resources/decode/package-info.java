/**
 * From the text or wire form of an object to its record: reads YAML and JSON into one small tree
 * with line numbers, and the tree into {@code mesh} records. Refuses to know files, clusters and
 * what objects mean together.
 */
@NullMarked
package dev.weft.resources.decode;

import org.jspecify.annotations.NullMarked;

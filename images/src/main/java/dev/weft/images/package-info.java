/**
 * Builds the container images: a base of a few Debian files, a Java runtime of the modules that are
 * needed, the program. Needs no container engine and no registry; knows nothing of what runs
 * inside.
 */
@org.jspecify.annotations.NullMarked
package dev.weft.images;

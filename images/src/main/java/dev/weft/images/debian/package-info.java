/** Picks single files out of Debian packages. */
@org.jspecify.annotations.NullMarked
package dev.weft.images.debian;

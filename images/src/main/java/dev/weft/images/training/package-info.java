/** Runs the programs of the images under some load, so that Java can remember what they do. */
@org.jspecify.annotations.NullMarked
package dev.weft.images.training;

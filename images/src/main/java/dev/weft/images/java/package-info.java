/** Java runtimes of only the modules a program needs. */
@org.jspecify.annotations.NullMarked
package dev.weft.images.java;

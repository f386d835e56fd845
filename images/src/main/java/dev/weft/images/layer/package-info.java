/**
 * What a layer holds, and how it is written so that the same content always gives the same bytes.
 */
@org.jspecify.annotations.NullMarked
package dev.weft.images.layer;

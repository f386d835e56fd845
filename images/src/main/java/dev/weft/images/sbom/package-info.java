/** Lists what an image is made of, as CycloneDX. */
@org.jspecify.annotations.NullMarked
package dev.weft.images.sbom;

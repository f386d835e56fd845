/**
 * Certificates as the mesh uses them: read from PEM, verified against trust anchors, and made for
 * an authority. Refuses to know where they are kept and who asks for them.
 */
@NullMarked
package dev.weft.pki;

import org.jspecify.annotations.NullMarked;

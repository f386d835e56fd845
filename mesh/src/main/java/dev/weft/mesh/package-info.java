/**
 * The vocabulary of the mesh: identities, names, ports, and every resource as a plain record of the
 * fields Weft reads. Depends on nothing but the JDK and JSpecify.
 */
@NullMarked
package dev.weft.mesh;

import org.jspecify.annotations.NullMarked;

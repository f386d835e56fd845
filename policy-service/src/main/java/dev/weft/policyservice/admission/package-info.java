/**
 * Judges policy objects before they are stored: what the mesh could not carry out is refused, so
 * that whoever writes it learns of it at once. Refuses to judge what other objects say.
 */
@NullMarked
package dev.weft.policyservice.admission;

import org.jspecify.annotations.NullMarked;

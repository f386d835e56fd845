/**
 * The main job as a story with evidence: a whole mesh, real traffic, and a check behind every
 * sentence. Refuses to print what it did not measure.
 */
@NullMarked
package dev.weft.cli.demo;

import org.jspecify.annotations.NullMarked;

package dev.weft.images;

import java.nio.file.Path;
import java.time.Instant;

/**
 * What holds for all images of a run.
 *
 * @param project the root of the sources, whose modules are packaged
 * @param output where archives go; below it, {@code work} holds what they are made of
 * @param registry the first part of the images' names
 * @param version their tag
 * @param created when they say to have been made; always the same for the same sources
 * @param trained whether Java remembers a training of the programs
 */
record ImageSettings(
    Path project, Path output, String registry, String version, Instant created, boolean trained) {}

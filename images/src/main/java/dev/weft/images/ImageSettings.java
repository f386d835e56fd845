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
 * @param revision the commit they are built from; empty if that is not known
 * @param baseImage the base of all images but the proxy's, as Jib names one; empty for our own
 * @param trained whether Java remembers a training of the programs
 */
record ImageSettings(
    Path project,
    Path output,
    String registry,
    String version,
    Instant created,
    String revision,
    String baseImage,
    boolean trained) {}

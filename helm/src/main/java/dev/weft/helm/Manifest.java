package dev.weft.helm;

/**
 * One rendered object.
 *
 * @param source the template it came from, like {@code weft/templates/identity.yaml}
 * @param apiVersion the object's {@code apiVersion}
 * @param kind the object's {@code kind}
 * @param name the object's {@code metadata.name}
 * @param namespace the object's {@code metadata.namespace}, empty for cluster-wide objects
 * @param yaml the object as YAML, without document markers, ending in a newline
 */
public record Manifest(
    String source, String apiVersion, String kind, String name, String namespace, String yaml) {}

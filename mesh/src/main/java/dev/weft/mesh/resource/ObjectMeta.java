package dev.weft.mesh.resource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every object has.
 *
 * @param namespace the namespace; empty for kinds without
 * @param name the name
 * @param uid the unique id; empty where nobody gave one
 * @param resourceVersion opaque; equal content has equal versions, other content another one. A
 *     change of this alone does not make an object another one, but destination announces it
 * @param generation counts changes of the specification; 0 where nobody counts
 * @param creationTimestamp when the object was created, if known
 * @param deletionTimestamp when the object was asked to go, if it was
 * @param labels the labels
 * @param annotations the annotations that Weft reads
 * @param ownerReferences the owners
 */
public record ObjectMeta(
    String namespace,
    String name,
    String uid,
    String resourceVersion,
    long generation,
    Optional<Instant> creationTimestamp,
    Optional<Instant> deletionTimestamp,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<OwnerReference> ownerReferences) {
  /** Copies the collections. */
  public ObjectMeta {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    ownerReferences = List.copyOf(ownerReferences);
  }

  /** The barest metadata: a namespace and a name. */
  public static ObjectMeta of(String namespace, String name) {
    return new ObjectMeta(
        namespace,
        name,
        "",
        "",
        0,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        List.of());
  }

  /** The same with these labels. */
  public ObjectMeta withLabels(Map<String, String> newLabels) {
    return new ObjectMeta(
        namespace,
        name,
        uid,
        resourceVersion,
        generation,
        creationTimestamp,
        deletionTimestamp,
        newLabels,
        annotations,
        ownerReferences);
  }

  /** The same with these annotations. */
  public ObjectMeta withAnnotations(Map<String, String> newAnnotations) {
    return new ObjectMeta(
        namespace,
        name,
        uid,
        resourceVersion,
        generation,
        creationTimestamp,
        deletionTimestamp,
        labels,
        newAnnotations,
        ownerReferences);
  }

  /** The same created at this time. */
  public ObjectMeta withCreationTimestamp(Instant created) {
    return new ObjectMeta(
        namespace,
        name,
        uid,
        resourceVersion,
        generation,
        Optional.of(created),
        deletionTimestamp,
        labels,
        annotations,
        ownerReferences);
  }

  /** The same in this version. */
  public ObjectMeta withResourceVersion(String version) {
    return new ObjectMeta(
        namespace,
        name,
        uid,
        version,
        generation,
        creationTimestamp,
        deletionTimestamp,
        labels,
        annotations,
        ownerReferences);
  }

  /** The same with these owners. */
  public ObjectMeta withOwnerReferences(List<OwnerReference> owners) {
    return new ObjectMeta(
        namespace,
        name,
        uid,
        resourceVersion,
        generation,
        creationTimestamp,
        deletionTimestamp,
        labels,
        annotations,
        owners);
  }

  /** The value of a label, if set. */
  public Optional<String> label(String key) {
    return Optional.ofNullable(labels.get(key));
  }

  /** The value of an annotation, if set; an empty value counts as set. */
  public Optional<String> annotation(String key) {
    return Optional.ofNullable(annotations.get(key));
  }
}

package dev.weft.mesh.resource;

/**
 * Who an object belongs to.
 *
 * @param apiVersion group and version of the owner
 * @param kind kind of the owner
 * @param name name of the owner, in the object's own namespace
 * @param uid unique id of the owner
 * @param controller whether this owner manages the object
 */
public record OwnerReference(
    String apiVersion, String kind, String name, String uid, boolean controller) {}

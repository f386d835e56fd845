package dev.weft.helm;

/**
 * One thing that the chart lets a service account do at the API server.
 *
 * @param group the API group; empty for the core group
 * @param resource the plural, with its subresource after a slash
 * @param verb list, watch and so on
 */
public record Right(String group, String resource, String verb) {}

package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One step of a JSON patch (RFC 6902). Of the six operations only {@code add} is ever needed.
 *
 * @param path a JSON pointer (RFC 6901): the member to set, or the place in a list, {@code -} for
 *     its end
 * @param value what to put there; not changed by anybody afterwards
 */
public record PatchOperation(String path, JsonNode value) {}

package dev.weft.proxy.admin;

import org.jspecify.annotations.Nullable;

/**
 * A request to the admin port.
 *
 * @param method as received
 * @param path without query
 * @param query without question mark, null if there is none
 * @param accept the field of that name, null if there is none
 * @param gzip whether the client takes gzip
 * @param local whether the client is on this machine
 * @param body of bounded size, as text
 */
record AdminRequest(
    String method,
    String path,
    @Nullable String query,
    @Nullable String accept,
    boolean gzip,
    boolean local,
    String body) {}

package dev.weft.proxy.http;

/** What a server codec reports of one request after its head. */
public interface RequestListener extends BodyListener {}

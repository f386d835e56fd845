package dev.weft.cli.demo;

/**
 * What became of one request.
 *
 * @param ok whether the application answered
 * @param detail the application's answer; or status and reason of the refusal, or the error
 */
record Outcome(boolean ok, String detail) {}

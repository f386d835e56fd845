/**
 * What this process writes to standard error: levels by the contract's filter, plain text or JSON,
 * never waiting for the reader. Refuses to know what is worth logging.
 */
@NullMarked
package dev.weft.proxy.log;

import org.jspecify.annotations.NullMarked;

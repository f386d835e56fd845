/**
 * From policies to the messages of the contract. Refuses to decide anything: what a record says is
 * what is sent.
 */
@NullMarked
package dev.weft.policyservice.wire;

import org.jspecify.annotations.NullMarked;

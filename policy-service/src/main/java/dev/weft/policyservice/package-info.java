/** Who may talk, and how: serves inbound and outbound policy. Does not list endpoints. */
@NullMarked
package dev.weft.policyservice;

import org.jspecify.annotations.NullMarked;

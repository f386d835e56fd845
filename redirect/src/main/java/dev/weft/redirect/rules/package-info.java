/** The iptables rules of the contract, as text; runs nothing. */
@org.jspecify.annotations.NullMarked
package dev.weft.redirect.rules;

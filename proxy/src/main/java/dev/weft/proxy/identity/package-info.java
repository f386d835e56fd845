/**
 * Who this proxy is: makes key and request, has it certified, and renews in time. Refuses to know
 * what the certificate is used for.
 */
@NullMarked
package dev.weft.proxy.identity;

import org.jspecify.annotations.NullMarked;

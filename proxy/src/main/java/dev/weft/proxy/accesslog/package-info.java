/** One line per inbound request, for who keeps such logs. Refuses to know where lines go. */
@NullMarked
package dev.weft.proxy.accesslog;

import org.jspecify.annotations.NullMarked;

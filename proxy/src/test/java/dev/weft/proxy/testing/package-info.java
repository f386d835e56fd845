/** What the tests of several packages of the proxy share. Tests nothing by itself. */
@NullMarked
package dev.weft.proxy.testing;

import org.jspecify.annotations.NullMarked;

/**
 * What the control plane says: policies, profiles and endpoints, as immutable snapshots delivered
 * on the loop that asked. Refuses to route: it reports, the data path decides.
 */
@NullMarked
package dev.weft.proxy.control;

import org.jspecify.annotations.NullMarked;

/**
 * From objects to answers: endpoints of a (Service, port), profiles of a name or address. Pure but
 * for one store that its owner's thread alone touches. Refuses to know the wire and the clients.
 */
@NullMarked
package dev.weft.destination.index;

import org.jspecify.annotations.NullMarked;

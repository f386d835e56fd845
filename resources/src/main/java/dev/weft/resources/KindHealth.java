package dev.weft.resources;

/** How a source sees the objects of one kind at the moment. */
public enum KindHealth {
  /** Changes are seen. */
  SEEN,
  /** Not looked at yet. */
  PENDING,
  /** Changes are not seen; what was seen before stays. */
  LOST,
  /** Whoever has the objects refuses to show them; what was seen before stays. */
  DENIED,
  /** Whoever has the objects knows no such kind; there are none. */
  UNKNOWN
}

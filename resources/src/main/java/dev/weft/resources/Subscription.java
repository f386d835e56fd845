package dev.weft.resources;

/** A running watch; closing it ends the reports, at the latest after the one that is under way. */
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}

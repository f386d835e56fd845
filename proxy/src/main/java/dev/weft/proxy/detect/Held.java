package dev.weft.proxy.detect;

/** Something that keeps what a connection sent until whoever handles it next is in place. */
public interface Held {
  /** Of a connection that nothing was read from. */
  Held NOTHING = () -> {};

  /** Leaves the pipeline and passes on what was read to the handlers added behind. */
  void proceed();
}

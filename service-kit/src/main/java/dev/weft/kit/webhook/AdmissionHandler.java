package dev.weft.kit.webhook;

/** Decides about objects. Called on a virtual thread per request; may block for a moment. */
@FunctionalInterface
public interface AdmissionHandler {
  /**
   * @return the verdict; what is thrown instead is told to the sender as a denial
   */
  AdmissionVerdict review(AdmissionRequest request);
}

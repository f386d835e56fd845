package dev.weft.identity.issue;

import org.jspecify.annotations.Nullable;

/** Issuer files that must not be used; the message names the files, the cause and the fix. */
public final class IssuerRejectedException extends Exception {
  IssuerRejectedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

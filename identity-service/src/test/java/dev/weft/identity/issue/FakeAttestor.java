package dev.weft.identity.issue;

import dev.weft.identity.attest.Attestation;
import dev.weft.identity.attest.Attestor;

/** Answers what a test tells it to. */
final class FakeAttestor implements Attestor {
  Attestation answer = new Attestation.Authenticated("system:serviceaccount:emojivoto:web");
  int asked;

  @Override
  public Attestation attest(byte[] token) {
    asked++;
    return answer;
  }

  @Override
  public Health health() {
    return new Health(true, true, "fake");
  }
}

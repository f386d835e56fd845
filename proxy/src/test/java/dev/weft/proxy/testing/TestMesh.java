package dev.weft.proxy.testing;

import dev.weft.proxy.tls.Credentials;
import dev.weft.proxy.tls.MeshTls;
import java.time.Duration;

/** A trust anchor, and mesh TLS for identities certified by it; closes what it made. */
public final class TestMesh implements AutoCloseable {
  private final TestAuthority authority = new TestAuthority("root");

  /** TLS of a workload that has its certificate. */
  public MeshTls tls(String identity) {
    return authority.workload(identity);
  }

  /** A fresh certificate with its key. */
  public Credentials credentials(String identity) {
    return authority.issue(identity, Duration.ofHours(1));
  }

  @Override
  public void close() {
    authority.close();
  }
}

package dev.weft.kit.tls;

import com.google.protobuf.ByteString;
import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import dev.weft.api.identity.IdentityGrpc;
import dev.weft.pki.PemCertificates;
import dev.weft.pki.TrustAnchors;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gets a leaf from the identity service, as proxies do: a new connection and a fresh look at the
 * token file for every attempt, mesh TLS to the pinned identity, no certificate of our own.
 *
 * <p>Source: facts/identity.md 5, 12.
 */
final class CertifyClient implements CertificateSource {
  /** How long an attempt may take, connection included. */
  static final Duration DEADLINE = Duration.ofSeconds(10);

  private final Target target;
  private final String identity;
  private final Path tokenFile;
  private final TrustAnchors anchors;
  private final Clock clock;

  /**
   * Which identity service to ask.
   *
   * @param address {@code host:port}
   * @param name the identity it must prove
   */
  record Target(String address, String name) {}

  CertifyClient(Target target, String identity, Path tokenFile, TrustAnchors anchors, Clock clock) {
    this.target = target;
    this.identity = identity;
    this.tokenFile = tokenFile;
    this.anchors = anchors;
    this.clock = clock;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public TrustAnchors anchors() {
    return anchors;
  }

  @Override
  public List<X509Certificate> certify(byte[] csr) throws IOException {
    CertifyRequest request =
        CertifyRequest.newBuilder()
            .setIdentity(identity)
            .setToken(token())
            .setCertificateSigningRequest(ByteString.copyFrom(csr))
            .build();
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(target.address())
            .overrideAuthority(target.name())
            .sslContext(
                MeshSslContexts.client(MeshTrustManager.ofClient(anchors, target.name(), clock)))
            .build();
    try {
      return chain(
          IdentityGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE).certify(request));
    } catch (StatusRuntimeException e) {
      throw new IOException(
          "identity service %s did not certify '%s'; cause: %s"
              .formatted(target.address(), identity, cause(e.getStatus())),
          e);
    } finally {
      channel.shutdownNow();
    }
  }

  private ByteString token() throws IOException {
    ByteString token;
    try {
      token = ByteString.copyFrom(Files.readAllBytes(tokenFile));
    } catch (IOException e) {
      throw new IOException(
          "token cannot be read: file=%s; cause: %s; fix: set weft.grpc.tls.token-file"
              .formatted(tokenFile, e),
          e);
    }
    if (token.isEmpty()) {
      throw new IOException(
          "token is empty: file=%s; fix: write a service account token there".formatted(tokenFile));
    }
    return token;
  }

  private static List<X509Certificate> chain(CertifyResponse response) throws IOException {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      chain.add(PemCertificates.ofDer(response.getLeafCertificate().toByteArray()));
      for (ByteString intermediate : response.getIntermediateCertificatesList()) {
        chain.add(PemCertificates.ofDer(intermediate.toByteArray()));
      }
      return chain;
    } catch (CertificateException e) {
      throw new IOException("the identity service sent no certificate; cause: " + e, e);
    }
  }

  private static String cause(Status status) {
    StringBuilder cause = new StringBuilder(status.getCode().name());
    if (status.getDescription() != null) {
      cause.append(": ").append(status.getDescription());
    }
    for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
      if (t.getCause() == null && t.getMessage() != null) {
        cause.append(": ").append(t.getMessage());
      }
    }
    return cause.toString();
  }
}

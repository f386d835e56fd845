package dev.weft.identity;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import dev.weft.api.identity.IdentityGrpc;
import dev.weft.identity.issue.Certification;
import dev.weft.identity.issue.Leaf;
import dev.weft.identity.issue.RefusedException;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** Translates {@code Certify} to {@link Certification} and back. Runs on virtual threads. */
@Singleton
final class IdentityGrpcService extends IdentityGrpc.IdentityImplBase {
  private final Certification certification;
  private final IdentityReport report;

  IdentityGrpcService(Certification certification, IdentityReport report) {
    this.certification = certification;
    this.report = report;
  }

  @Override
  public void certify(CertifyRequest request, StreamObserver<CertifyResponse> observer) {
    CertifyResponse response;
    try {
      Leaf leaf =
          certification.certify(
              request.getIdentity(),
              request.getToken().toByteArray(),
              request.getCertificateSigningRequest().toByteArray());
      report.issued(leaf);
      response = response(leaf);
    } catch (RefusedException e) {
      report.refused(e);
      observer.onError(status(e).asRuntimeException());
      return;
    } catch (CertificateEncodingException e) {
      observer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }

  private static CertifyResponse response(Leaf leaf) throws CertificateEncodingException {
    CertifyResponse.Builder response =
        CertifyResponse.newBuilder()
            .setLeafCertificate(ByteString.copyFrom(leaf.certificate().getEncoded()))
            .setValidUntil(Timestamp.newBuilder().setSeconds(leaf.notAfter().getEpochSecond()));
    for (X509Certificate intermediate : leaf.intermediates()) {
      response.addIntermediateCertificates(ByteString.copyFrom(intermediate.getEncoded()));
    }
    return response.build();
  }

  /** The statuses of the contract, facts/identity.md 5. */
  static Status status(RefusedException refusal) {
    Status status =
        switch (refusal.reason()) {
          case NO_ISSUER -> Status.UNAVAILABLE;
          case BAD_REQUEST, BAD_TOKEN -> Status.INVALID_ARGUMENT;
          case ISSUER_INVALID -> Status.UNKNOWN;
          case CSR_RULES, UNAUTHENTICATED, OTHER_IDENTITY -> Status.FAILED_PRECONDITION;
          case ATTESTATION_UNAVAILABLE, SIGNING -> Status.INTERNAL;
        };
    return status.withDescription(refusal.text());
  }
}

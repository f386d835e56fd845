package dev.weft.proxy.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.api.destination.DestinationGrpc;
import dev.weft.api.destination.DestinationProfile;
import dev.weft.api.destination.GetDestination;
import dev.weft.api.destination.Update;
import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import dev.weft.api.identity.IdentityGrpc;
import dev.weft.api.inbound.InboundServerPoliciesGrpc;
import dev.weft.api.inbound.PortSpec;
import dev.weft.api.inbound.Server;
import dev.weft.api.outbound.OutboundPoliciesGrpc;
import dev.weft.api.outbound.OutboundPolicy;
import dev.weft.api.outbound.TrafficSpec;
import dev.weft.proxy.tls.MeshTls;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * All services of a control plane behind one port with real mesh TLS. Tests take the streams that
 * proxies open and say what comes over them; certification is answered by a function.
 */
public final class ScriptedControlPlane implements AutoCloseable {
  /** The identity of the server unless a test wants another. */
  public static final String NAME = "linkerd-destination.linkerd.serviceaccount.identity.test";

  private static final long TIMEOUT_SECONDS = 20;

  /** Profiles that proxies asked for. */
  public final Calls<GetDestination, DestinationProfile> profiles = new Calls<>();

  /** Endpoints that proxies asked for. */
  public final Calls<GetDestination, Update> endpoints = new Calls<>();

  /** Inbound policies that proxies asked for. */
  public final Calls<PortSpec, Server> ports = new Calls<>();

  /** Outbound policies that proxies asked for. */
  public final Calls<TrafficSpec, OutboundPolicy> targets = new Calls<>();

  /** Requests to be certified, in order. */
  public final BlockingQueue<CertifyRequest> certifications = new LinkedBlockingQueue<>();

  private final MeshCa ca;
  private final MeshTls tls;
  private final String serverName;
  private int port;
  private io.grpc.Server server;
  private volatile Function<CertifyRequest, CertifyResponse> issuer;

  private ScriptedControlPlane(MeshCa ca, String serverName) {
    this.ca = ca;
    this.serverName = serverName;
    this.tls = ca.certified(serverName);
    this.issuer = request -> certificate(request, Duration.ofHours(24));
    start();
  }

  /** Starts with the usual name. */
  public static ScriptedControlPlane start(MeshCa ca) {
    return new ScriptedControlPlane(ca, NAME);
  }

  /** Starts with a certificate for another name. */
  public static ScriptedControlPlane start(MeshCa ca, String serverName) {
    return new ScriptedControlPlane(ca, serverName);
  }

  /** {@code 127.0.0.1:port}. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** The certificate a good service would answer with. */
  public CertifyResponse certificate(CertifyRequest request, Duration validity) {
    return certificate(request, request.getIdentity(), validity);
  }

  /** A certificate for a name of the test's choice. */
  public CertifyResponse certificate(CertifyRequest request, String name, Duration validity) {
    Instant until = Instant.now().plus(validity);
    try {
      PKCS10CertificationRequest csr =
          new PKCS10CertificationRequest(request.getCertificateSigningRequest().toByteArray());
      PublicKey key = new JcaPEMKeyConverter().getPublicKey(csr.getSubjectPublicKeyInfo());
      return CertifyResponse.newBuilder()
          .setLeafCertificate(ByteString.copyFrom(ca.leaf(name, key, until).getEncoded()))
          .addIntermediateCertificates(ByteString.copyFrom(ca.issuer().getEncoded()))
          .setValidUntil(
              Timestamp.newBuilder().setSeconds(until.getEpochSecond()).setNanos(until.getNano()))
          .build();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** From now on certification is answered so; throw a StatusRuntimeException to refuse. */
  public void issue(Function<CertifyRequest, CertifyResponse> answer) {
    issuer = answer;
  }

  /** Serves on the port it had, or on any if it had none. */
  public void start() {
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
              .protocolNegotiator(new MeshServerNegotiator(tls))
              .addService(new IdentityService())
              .addService(new DestinationService())
              .addService(new InboundService())
              .addService(new OutboundService())
              .build()
              .start();
      port = server.getPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Goes away at once, as if killed. */
  public void kill() {
    server.shutdownNow();
    try {
      if (!server.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("server did not stop");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
    tls.close();
  }

  @Override
  public String toString() {
    return serverName + " at " + address();
  }

  /** Streams of one method that proxies opened. */
  public static final class Calls<R, M> {
    private final BlockingQueue<Call<R, M>> opened = new LinkedBlockingQueue<>();
    private final Map<Call<R, M>, Boolean> open = new ConcurrentHashMap<>();

    /** The next stream that is opened; fails if none is in time. */
    public Call<R, M> next() throws InterruptedException {
      Call<R, M> call = opened.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (call == null) {
        throw new AssertionError("no stream was opened");
      }
      return call;
    }

    /** How many streams are open. */
    public int open() {
      return open.size();
    }

    private void opened(R request, StreamObserver<M> observer) {
      Call<R, M> call = new Call<>(request, observer, open::remove);
      open.put(call, true);
      ((ServerCallStreamObserver<M>) observer).setOnCancelHandler(() -> open.remove(call));
      opened.add(call);
    }
  }

  /** One stream, seen by the server. */
  public static final class Call<R, M> {
    private final R request;
    private final StreamObserver<M> observer;
    private final Consumer<Call<R, M>> over;

    Call(R request, StreamObserver<M> observer, Consumer<Call<R, M>> over) {
      this.request = request;
      this.observer = observer;
      this.over = over;
    }

    /** What was asked for. */
    public R request() {
      return request;
    }

    /** Sends a message. */
    public void send(M message) {
      observer.onNext(message);
    }

    /** Ends the stream with OK. */
    public void end() {
      over.accept(this);
      observer.onCompleted();
    }

    /** Ends the stream with an error. */
    public void fail(Status status) {
      over.accept(this);
      observer.onError(status.asRuntimeException());
    }
  }

  private final class IdentityService extends IdentityGrpc.IdentityImplBase {
    @Override
    public void certify(CertifyRequest request, StreamObserver<CertifyResponse> observer) {
      CertifyResponse response;
      try {
        response = issuer.apply(request);
      } catch (RuntimeException e) {
        observer.onError(e);
        certifications.add(request);
        return;
      }
      observer.onNext(response);
      observer.onCompleted();
      certifications.add(request);
    }
  }

  private final class DestinationService extends DestinationGrpc.DestinationImplBase {
    @Override
    public void get(GetDestination request, StreamObserver<Update> observer) {
      endpoints.opened(request, observer);
    }

    @Override
    public void getProfile(GetDestination request, StreamObserver<DestinationProfile> observer) {
      profiles.opened(request, observer);
    }
  }

  private final class InboundService
      extends InboundServerPoliciesGrpc.InboundServerPoliciesImplBase {
    @Override
    public void watchPort(PortSpec request, StreamObserver<Server> observer) {
      ports.opened(request, observer);
    }
  }

  private final class OutboundService extends OutboundPoliciesGrpc.OutboundPoliciesImplBase {
    @Override
    public void watch(TrafficSpec request, StreamObserver<OutboundPolicy> observer) {
      targets.opened(request, observer);
    }
  }
}

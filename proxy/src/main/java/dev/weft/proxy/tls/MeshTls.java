package dev.weft.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of the mesh, both sides: TLS 1.3 only, X25519MLKEM768 preferred, our certificate shown,
 * the peer's verified against the trust anchors and, on clients, against the expected identity.
 *
 * <p>{@link #install} swaps the certificate for handshakes that begin later; connections that exist
 * keep the old one. Handlers may be made on any loop; a handler is used on its channel's loop only.
 * After the handshake {@link PeerTls#of} tells who the peer is. A refused peer fails {@link
 * SslHandler#handshakeFuture} with the reason in the message, and the channel is closed.
 *
 * <p>Source: facts/proxy.md 1.4, facts/identity.md section 12.
 */
public final class MeshTls {
  private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256", "P-384"};

  /**
   * Netty hands keys on in a key store of a moment. The default one stretches its password by
   * thousands of hashes, which took most of the time until a proxy was ready.
   */
  private static final String QUICK_KEY_STORE = "JKS";

  private static final String TLS_1_3 = "TLSv1.3";

  private final String localServerName;
  private final ChainVerifier verifier;
  private final MeshTrustManager trust;
  private final String[] groups;
  private final SslContext anonymousClient;
  private final AtomicReference<Generation> current;

  /**
   * The generation replaced last: a loop may be about to make an engine of it, so it goes later.
   */
  private @Nullable Generation retired;

  /**
   * TLS without a certificate of our own yet: clients can connect without showing one, servers
   * cannot be made.
   *
   * @param localServerName the SNI by which peers address this proxy
   */
  public MeshTls(TrustAnchors anchors, String localServerName, Clock clock) {
    this(anchors, localServerName, clock, GROUPS);
  }

  MeshTls(TrustAnchors anchors, String localServerName, Clock clock, String[] groups) {
    this.localServerName = localServerName;
    this.verifier = new ChainVerifier(anchors, clock);
    this.trust = new MeshTrustManager(verifier);
    this.groups = groups.clone();
    this.anonymousClient = anonymousClient();
    this.current = new AtomicReference<>(generation(null));
  }

  /** Contexts made of one certificate. Released as a whole, two swaps after it was replaced. */
  private record Generation(
      @Nullable Credentials credentials,
      @Nullable SslContext server,
      @Nullable SslContext directServer,
      SslContext client,
      SslContext transportClient) {
    void release() {
      ReferenceCountUtil.release(server);
      ReferenceCountUtil.release(directServer);
      ReferenceCountUtil.release(client);
      ReferenceCountUtil.release(transportClient);
    }
  }

  /** The name that a client must send as SNI for this proxy to end its TLS. */
  public String localServerName() {
    return localServerName;
  }

  /** The certificate shown to new peers; empty before the first. */
  public Optional<Credentials> credentials() {
    return Optional.ofNullable(current.get().credentials());
  }

  /**
   * Checks what a peer would check, so that a bad answer of an issuer is never shown to anyone: the
   * chain leads to an anchor and is valid now, the leaf names the identity, and the key is its own.
   * Costs a signature; not for event loops.
   *
   * @throws CertificateException saying which of these does not hold
   */
  public void verify(Credentials credentials) throws CertificateException {
    ChainVerifier.Verified verified =
        verifier.verify(credentials.chain().toArray(X509Certificate[]::new));
    if (!verified.ids().contains(credentials.id())) {
      throw new CertificateException(
          "certificate refused: expected identity "
              + credentials.id()
              + "; cause: it names "
              + verified.ids());
    }
    credentials.requireOwnKey();
  }

  /**
   * Shows {@code credentials} in handshakes that begin from now on. Called by one thread.
   *
   * @throws IllegalArgumentException if the TLS library refuses key or chain; the old certificate
   *     stays
   */
  public void install(Credentials credentials) {
    Generation next = generation(credentials);
    if (retired != null) {
      retired.release();
    }
    retired = current.getAndSet(next);
  }

  /** Frees the native contexts. Nothing may be made afterwards. */
  public void close() {
    ReferenceCountUtil.release(anonymousClient);
    current.get().release();
    if (retired != null) {
      retired.release();
      retired = null;
    }
  }

  /**
   * A handler that ends the TLS of an accepted connection. The client may show a certificate; one
   * that does not verify fails the handshake.
   *
   * @param direct whether the connection addressed the inbound port itself: then, and only then,
   *     the transport protocol is offered
   * @throws IllegalStateException before the first certificate
   */
  public SslHandler serverHandler(ByteBufAllocator allocator, boolean direct) {
    Generation generation = current.get();
    SslContext context = direct ? generation.directServer() : generation.server();
    if (context == null) {
      throw new IllegalStateException("no certificate yet; cause: the proxy is not certified");
    }
    return new MeshSslHandler(withoutTickets(context.newEngine(allocator)), trust, null, null);
  }

  /**
   * A handler for a connection to a meshed peer.
   *
   * @param serverName the SNI to send
   * @param expected the identity the peer's certificate must carry among its names
   * @param offerTransport whether to offer the transport protocol
   */
  public SslHandler clientHandler(
      ByteBufAllocator allocator, String serverName, PeerId expected, boolean offerTransport) {
    Generation generation = current.get();
    SslContext context = offerTransport ? generation.transportClient() : generation.client();
    SSLEngine engine = context.newEngine(allocator, serverName, -1);
    return new MeshSslHandler(engine, trust, expected, serverName);
  }

  /**
   * A handler for a connection on which we never show a certificate: who asks to be certified must
   * not be refused for a certificate that has expired.
   *
   * @param serverName the SNI to send
   * @param expected the identity the peer's certificate must carry among its names
   */
  public SslHandler anonymousClientHandler(
      ByteBufAllocator allocator, String serverName, PeerId expected) {
    SSLEngine engine = anonymousClient.newEngine(allocator, serverName, -1);
    return new MeshSslHandler(engine, trust, expected, serverName);
  }

  private SslContext anonymousClient() {
    try {
      return client(null, false);
    } catch (SSLException e) {
      throw new IllegalStateException("TLS library unusable; cause: " + e, e);
    }
  }

  private Generation generation(@Nullable Credentials credentials) {
    try {
      return new Generation(
          credentials,
          credentials == null ? null : server(credentials, false),
          credentials == null ? null : server(credentials, true),
          client(credentials, false),
          client(credentials, true));
    } catch (SSLException e) {
      throw new IllegalArgumentException("certificate refused by the TLS library; cause: " + e, e);
    }
  }

  private SslContext server(Credentials credentials, boolean direct) throws SSLException {
    return withoutResumption(
        common(
                SslContextBuilder.forServer(credentials.key(), credentials.chain())
                    .clientAuth(ClientAuth.OPTIONAL),
                direct)
            .build());
  }

  private SslContext client(@Nullable Credentials credentials, boolean offerTransport)
      throws SSLException {
    SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm(null);
    if (credentials != null) {
      builder.keyManager(credentials.key(), credentials.chain());
    }
    return withoutResumption(common(builder, offerTransport).build());
  }

  /**
   * A resumed handshake shows no certificate again, so neither side would learn or check who the
   * peer is.
   */
  private static SslContext withoutResumption(SslContext context) {
    ((OpenSslSessionContext) context.sessionContext()).setSessionCacheEnabled(false);
    return context;
  }

  /**
   * BoringSSL hands out tickets for TLS 1.3 whatever is said of its session cache; a client that
   * came back with one would be nobody.
   */
  private static SSLEngine withoutTickets(SSLEngine engine) {
    SSL.setOptions(((ReferenceCountedOpenSslEngine) engine).sslPointer(), SSL.SSL_OP_NO_TICKET);
    return engine;
  }

  private SslContextBuilder common(SslContextBuilder builder, boolean transport) {
    builder
        .sslProvider(SslProvider.OPENSSL_REFCNT)
        .keyStoreType(QUICK_KEY_STORE)
        .protocols(TLS_1_3)
        .trustManager(trust)
        .option(OpenSslContextOption.GROUPS, groups);
    if (transport) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              ApplicationProtocolConfig.Protocol.ALPN,
              ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
              ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
              PeerTls.TRANSPORT_ALPN));
    }
    return builder;
  }
}

package dev.weft.kit.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * The parameters of mesh TLS: TLS 1.3 only, three cipher suites, X25519MLKEM768 preferred. With
 * BoringSSL where its library loads, else with the TLS of the JDK, whose groups are the classic
 * ones. Contexts free their native memory when they are garbage, so that a swapped one may still be
 * in use.
 *
 * <p>Source: facts/proxy.md 1.4.
 */
final class MeshSslContexts {
  private static final String TLS_1_3 = "TLSv1.3";
  private static final List<String> CIPHERS =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
  private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256", "P-384"};
  private static final String HTTP_2 = "h2";

  private MeshSslContexts() {}

  /** Whether BoringSSL serves. */
  static boolean isBoringSsl() {
    return OpenSsl.isAvailable();
  }

  /** Shows credentials; a client may show its own, and then they must verify. */
  static SslContext server(Credentials credentials, MeshTrustManager trust) throws SSLException {
    return withoutResumption(
        common(
                SslContextBuilder.forServer(credentials.key(), credentials.chain())
                    .clientAuth(ClientAuth.OPTIONAL),
                trust)
            .build());
  }

  /** Shows no certificate: for {@code Certify}, whose caller is known by its token. */
  static SslContext client(MeshTrustManager trust) throws SSLException {
    return withoutResumption(common(SslContextBuilder.forClient(), trust).build());
  }

  /**
   * A handler for one accepted connection. No session is resumed: a resumed handshake shows no
   * certificate, so that nobody would check again who the peer is. BoringSSL hands out tickets for
   * TLS 1.3 whatever is said of its session cache, unless its connections are told not to.
   */
  static SslHandler serverHandler(SslContext context, ByteBufAllocator allocator) {
    SslHandler handler = context.newHandler(allocator);
    if (handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
      SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
    }
    return handler;
  }

  /** Begins no handshake with what is left of an earlier one. */
  private static SslContext withoutResumption(SslContext context) {
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      sessions.setSessionCacheEnabled(false);
    } else {
      // The TLS of the JDK knows no such switch.
      context.sessionContext().setSessionTimeout(1);
    }
    return context;
  }

  private static SslContextBuilder common(SslContextBuilder builder, MeshTrustManager trust) {
    if (isBoringSsl()) {
      builder.sslProvider(SslProvider.OPENSSL).option(OpenSslContextOption.GROUPS, GROUPS);
    } else {
      builder.sslProvider(SslProvider.JDK);
    }
    return builder
        // Netty hands keys on in a key store of a moment; the default one hashes for too long.
        .keyStoreType("JKS")
        .protocols(TLS_1_3)
        .ciphers(CIPHERS)
        .trustManager(trust)
        // Offered and chosen where the peer knows ALPN; a peer without it speaks HTTP/2 all the
        // same.
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                HTTP_2));
  }
}

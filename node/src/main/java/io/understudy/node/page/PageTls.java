package io.understudy.node.page;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.understudy.node.spi.DriverException;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLException;

/**
 * The page's TLS: a client may show a certificate and need not. One of another authority ends the
 * handshake. Each new connection is made with the material in effect; those that stand stay.
 */
final class PageTls {
  private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);

  /** How long a client may resume a TLS session without showing its certificate again. */
  private static final Duration RESUMPTION_MAX = Duration.ofMinutes(5);

  private volatile SslContext latest;

  private PageTls(SslContext first) {
    this.latest = first;
  }

  static PageTls of(Reloaded<TlsMaterial> material) throws DriverException {
    PageTls tls = new PageTls(context(material.current()));
    material.follow(renewed -> tls.latest = context(renewed));
    return tls;
  }

  SslHandler handler(ByteBufAllocator allocator) {
    SslHandler handler = latest.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(HANDSHAKE_MAX.toMillis());
    return handler;
  }

  private static SslContext context(TlsMaterial material) throws DriverException {
    try {
      return SslContextBuilder.forServer(
              material.key(), material.chain().toArray(new X509Certificate[0]))
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .trustManager(material.authorities().toArray(new X509Certificate[0]))
          .clientAuth(ClientAuth.OPTIONAL)
          .sessionTimeout(RESUMPTION_MAX.toSeconds())
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw DriverException.permanentError(
          "The status page cannot use the " + material + ": issue one with an EC or RSA key", e);
    }
  }
}

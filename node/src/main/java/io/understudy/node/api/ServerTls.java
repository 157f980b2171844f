package io.understudy.node.api;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.understudy.node.spi.DriverException;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/**
 * The server's side of mutual TLS: each new connection is made with the material in effect; those
 * that stand stay. New material begins without the TLS sessions of the former, so that nobody
 * resumes one that a former authority vouched for.
 */
final class ServerTls extends SslContext {
  /** How long a client may resume a TLS session without showing its certificate again. */
  private static final Duration RESUMPTION_MAX = Duration.ofMinutes(5);

  private volatile SslContext latest;

  private ServerTls(SslContext first) {
    this.latest = first;
  }

  static SslContext of(Reloaded<TlsMaterial> material) throws DriverException {
    ServerTls tls = new ServerTls(context(material.current()));
    material.follow(renewed -> tls.latest = context(renewed));
    return tls;
  }

  /**
   * Java's own TLS: the bundled native one would have to unpack a library into the temporary
   * directory, which a hardened machine forbids.
   */
  private static SslContext context(TlsMaterial material) throws DriverException {
    try {
      return GrpcSslContexts.configure(
              SslContextBuilder.forServer(
                  material.key(), material.chain().toArray(new X509Certificate[0])),
              SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .trustManager(material.authorities().toArray(new X509Certificate[0]))
          .clientAuth(ClientAuth.REQUIRE)
          .sessionTimeout(RESUMPTION_MAX.toSeconds())
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw DriverException.permanentError(
          "The gRPC server cannot use the " + material + ": issue one with an EC or RSA key", e);
    }
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return latest.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // Its type has a new name, but the method must be implemented.
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return latest.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return latest.newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return latest.newEngine(allocator, peerHost, peerPort);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return latest.sessionContext();
  }
}

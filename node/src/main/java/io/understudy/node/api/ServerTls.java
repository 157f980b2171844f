package io.understudy.node.api;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.understudy.node.spi.DriverException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/**
 * The server's side of mutual TLS, as PEM files.
 *
 * @param certificate this node's own, CN=&lt;node&gt;, OU=node
 * @param key its private key, PKCS#8
 * @param authority the only one whose client certificates are accepted
 */
public record ServerTls(Path certificate, Path key, Path authority) {
  /**
   * Java's own TLS: the bundled native one would have to unpack a library into the temporary
   * directory, which a hardened machine forbids.
   */
  SslContext context() throws DriverException {
    try {
      return GrpcSslContexts.configure(
              SslContextBuilder.forServer(certificate.toFile(), key.toFile()), SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .trustManager(authority.toFile())
          .clientAuth(ClientAuth.REQUIRE)
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw DriverException.permanentError(
          "The gRPC server cannot use the certificate %s with the key %s and the authority %s: check"
                  .formatted(certificate, key, authority)
              + " that they are PEM files and that the key (PKCS#8) fits the certificate",
          e);
    }
  }
}

package io.understudy.controller.client;

import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Mutual TLS over okhttp, whose transport starts and ends faster than the others. The server's
 * certificate has to name the address that was dialled.
 */
public final class TlsChannels implements Channels {
  /** Said expressly, because okhttp on a JVM would offer TLS 1.2 only. */
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  private static final String[] CIPHER_SUITES = {
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
  };

  private static final int EXAMINATION_MILLIS = 2000;

  private final Credentials credentials;

  public TlsChannels(Credentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public ManagedChannel open(Endpoint endpoint) {
    return OkHttpChannelBuilder.forAddress(endpoint.host(), endpoint.port())
        .sslSocketFactory(credentials.sockets())
        .tlsConnectionSpec(PROTOCOLS, CIPHER_SUITES)
        // The nodes are behind WireGuard: a proxy from the environment never leads there.
        .proxyDetector(_ -> null)
        .disableRetry()
        .directExecutor()
        .build();
  }

  /**
   * In TLS 1.3 a node refuses the caller's certificate only after the handshake, and okhttp keeps
   * that alert to itself.
   */
  @Override
  public Optional<IOException> examine(Endpoint endpoint) {
    try (SSLSocket socket = (SSLSocket) credentials.sockets().createSocket()) {
      socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), EXAMINATION_MILLIS);
      socket.setSoTimeout(EXAMINATION_MILLIS);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      parameters.setProtocols(PROTOCOLS);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      var _ = socket.getInputStream().read();
      return Optional.empty();
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }
}

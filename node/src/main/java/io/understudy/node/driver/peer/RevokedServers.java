package io.understudy.node.driver.peer;

import com.google.common.collect.ImmutableSet;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Believes no answer of a peer whose certificate is revoked: "I have stopped" from a machine that
 * was stolen would let a second session begin.
 */
record RevokedServers(Supplier<ImmutableSet<BigInteger>> serials) implements ClientInterceptor {
  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel channel) {
    return new SimpleForwardingClientCall<>(channel.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        super.start(new Doubting<>(this, listener), headers);
      }
    };
  }

  private boolean revoked(ClientCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      return session != null
          && session.getPeerCertificates()[0] instanceof X509Certificate certificate
          && serials.get().contains(certificate.getSerialNumber());
    } catch (SSLPeerUnverifiedException _) {
      return false;
    }
  }

  private final class Doubting<A> extends SimpleForwardingClientCallListener<A> {
    private final ClientCall<?, A> call;

    Doubting(ClientCall<?, A> call, ClientCall.Listener<A> delegate) {
      super(delegate);
      this.call = call;
    }

    @Override
    public void onMessage(A message) {
      if (revoked(call)) {
        call.cancel("The certificate of the peer is revoked", null);
      } else {
        super.onMessage(message);
      }
    }

    @Override
    public void onClose(Status status, @Nullable Metadata trailers) {
      super.onClose(
          revoked(call)
              ? Status.UNAUTHENTICATED.withDescription(
                  "its certificate is revoked: issue a new one for it")
              : status,
          trailers == null ? new Metadata() : trailers);
    }
  }
}

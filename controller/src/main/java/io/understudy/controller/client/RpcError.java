package io.understudy.controller.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A failed call, and the one place that says what each failure means: the node's own answers by
 * their reason (domain {@code understudy}), everything else by what broke.
 *
 * @param reason the node's reason, or an empty text when no node answered
 */
record RpcError(
    Status.Code code,
    String reason,
    String sentence,
    Map<String, String> metadata,
    @Nullable Throwable cause) {
  private static final String DOMAIN = "understudy";

  static RpcError of(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    ErrorInfo info = errorInfo(failure);
    String description = status.getDescription() == null ? "" : status.getDescription();
    return new RpcError(
        status.getCode(), info.getReason(), description, info.getMetadataMap(), status.getCause());
  }

  /** The connection broke or never came about; whether a node heard the call is not known. */
  boolean transport() {
    if (!reason.isEmpty()) {
      return false;
    }
    return switch (code) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN -> true;
      case OK,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          INTERNAL,
          DATA_LOSS,
          UNAUTHENTICATED ->
          false;
    };
  }

  /** The connection broke, and nothing says why. */
  boolean broken() {
    return transport() && code == Status.Code.UNAVAILABLE && cause == null;
  }

  /** The same error with what a closer look found. */
  RpcError because(Throwable found) {
    return new RpcError(code, reason, sentence, metadata, found);
  }

  /** The node asks to come back a little later: no quorum, no leader, starting. */
  boolean retryLater() {
    return code == Status.Code.UNAVAILABLE && !transport();
  }

  /** The node lost sight of what it had accepted; the same request id finds it again. */
  boolean outcomeUnknown() {
    return reason.equals("OUTCOME_UNKNOWN");
  }

  boolean notLeader() {
    return reason.equals("NOT_LEADER");
  }

  /** Where the leader answers, according to the node that is not. */
  Optional<Endpoint> leaderAddress() {
    return Endpoint.parse(metadata.getOrDefault("leader_address", ""));
  }

  /** What the operator is told when this ends the command. */
  Failure toFailure(Context context, Endpoint endpoint) {
    if (transport()) {
      return new Failure(ExitCode.UNREACHABLE, "UNREACHABLE", unreached(context, endpoint) + ".");
    }
    String said = sentence.isEmpty() ? endpoint + " answered " + code : sentence;
    Failure failure =
        switch (code) {
          case INVALID_ARGUMENT, NOT_FOUND, OUT_OF_RANGE ->
              new Failure(ExitCode.USAGE, named("INVALID_FIELD"), said);
          case UNAVAILABLE -> new Failure(ExitCode.UNREACHABLE, named("UNAVAILABLE"), said);
          case DEADLINE_EXCEEDED -> new Failure(ExitCode.UNKNOWN, named("OUTCOME_UNKNOWN"), said);
          case ABORTED, FAILED_PRECONDITION, RESOURCE_EXHAUSTED, ALREADY_EXISTS ->
              new Failure(ExitCode.REFUSED, named(code.name()), said);
          case PERMISSION_DENIED, UNAUTHENTICATED ->
              new Failure(
                  ExitCode.REFUSED,
                  named("PERMISSION_DENIED"),
                  "Certificate " + context.certificate() + " may not do this: " + said);
          case UNIMPLEMENTED ->
              new Failure(
                  ExitCode.REFUSED,
                  named("UNIMPLEMENTED"),
                  endpoint
                      + " does not know this command; is an older understudyd installed there?");
          case OK, CANCELLED, UNKNOWN, INTERNAL, DATA_LOSS ->
              new Failure(
                  ExitCode.UNKNOWN,
                  named("INTERNAL"),
                  endpoint + " reported a bug of its own (" + said + "); see its log");
        };
    return earliest().map(failure::notBefore).orElse(failure);
  }

  /** One clause on why the endpoint did not answer, or what it answered. */
  String unreached(Context context, Endpoint endpoint) {
    if (!transport()) {
      return endpoint + " answered: " + (sentence.isEmpty() ? code.name() : sentence);
    }
    return certificateClause(context, endpoint)
        .or(() -> networkClause(endpoint))
        .or(() -> tlsClause(context, endpoint))
        .orElse(
            code == Status.Code.DEADLINE_EXCEEDED
                ? endpoint + " did not answer in time; is the WireGuard tunnel up?"
                : "the connection to " + endpoint + " broke");
  }

  private Optional<String> certificateClause(Context context, Endpoint endpoint) {
    if (causedBy(CertificateExpiredException.class).isPresent()) {
      return Optional.of(
          "the certificate of " + endpoint + " has expired; install a new bundle there");
    }
    if (causedBy(CertPathBuilderException.class).isPresent()
        || causedBy(SignatureException.class).isPresent()) {
      return Optional.of(
          endpoint
              + " shows a certificate that "
              + context.authority()
              + " did not issue; is "
              + context.name()
              + " the right context?");
    }
    return causedBy(CertificateException.class).map(failure -> misnamed(endpoint, failure));
  }

  private Optional<String> networkClause(Endpoint endpoint) {
    if (causedBy(UnknownHostException.class).isPresent()) {
      return Optional.of("the name " + endpoint.host() + " is not known; correct the endpoint");
    }
    if (causedBy(NoRouteToHostException.class).isPresent()) {
      return Optional.of("there is no route to " + endpoint + "; is the WireGuard tunnel up?");
    }
    return causedBy(ConnectException.class)
        .map(_ -> endpoint + " refuses connections; does understudyd run there?");
  }

  private Optional<String> tlsClause(Context context, Endpoint endpoint) {
    for (Throwable link = cause; link != null; link = link.getCause()) {
      String message = String.valueOf(link.getMessage());
      if (message.contains("protocol_version")) {
        return Optional.of(endpoint + " does not speak TLS 1.3; is it the port of the API?");
      }
      if (message.contains("fatal alert")) {
        return Optional.of(
            endpoint
                + " does not accept the certificate "
                + context.certificate()
                + " ("
                + message.substring(message.lastIndexOf(' ') + 1)
                + "); install the operator's bundle of this cluster");
      }
      if (message.contains("Cannot verify hostname")) {
        return Optional.of(misnamed(endpoint, link));
      }
      if (message.contains("Unsupported or unrecognized SSL message")) {
        return Optional.of(endpoint + " does not speak TLS; is it the port of the API?");
      }
      if (link instanceof SSLException) {
        return Optional.of("TLS with " + endpoint + " failed: " + message);
      }
    }
    return Optional.empty();
  }

  private <T extends Throwable> Optional<T> causedBy(Class<T> type) {
    for (Throwable link = cause; link != null; link = link.getCause()) {
      if (type.isInstance(link)) {
        return Optional.of(type.cast(link));
      }
    }
    return Optional.empty();
  }

  private static String misnamed(Endpoint endpoint, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("subject alternative") || message.contains("Cannot verify hostname")) {
      return "the certificate shown at "
          + endpoint
          + " does not name this address; use the address that cluster.yaml has for the node";
    }
    return "the certificate of " + endpoint + " is not usable: " + message;
  }

  private Optional<Duration> earliest() {
    String millis = metadata.getOrDefault("earliest_ms", "");
    return millis.matches("[0-9]{1,15}")
        ? Optional.of(Duration.ofMillis(Long.parseLong(millis)))
        : Optional.empty();
  }

  private String named(String otherwise) {
    return reason.isEmpty() ? otherwise : reason;
  }

  private static ErrorInfo errorInfo(Throwable failure) {
    com.google.rpc.Status details = StatusProto.fromThrowable(failure);
    if (details != null) {
      for (Any detail : details.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          try {
            ErrorInfo info = detail.unpack(ErrorInfo.class);
            if (info.getDomain().equals(DOMAIN)) {
              return info;
            }
          } catch (InvalidProtocolBufferException e) {
            return ErrorInfo.getDefaultInstance();
          }
        }
      }
    }
    return ErrorInfo.getDefaultInstance();
  }
}

package io.understudy.bundle.doctor.machine;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.Optional;

/** What an error of the network means, in few words. */
final class Errors {
  private Errors() {}

  static String clause(Exception error) {
    return switch (error) {
      case SocketTimeoutException _, HttpTimeoutException _ -> "no answer in time";
      case NoRouteToHostException _ -> "no route leads there";
      case ConnectException refused ->
          Optional.ofNullable(refused.getMessage()).orElse("the connection was refused");
      default -> Optional.ofNullable(error.getMessage()).orElse(error.getClass().getSimpleName());
    };
  }
}

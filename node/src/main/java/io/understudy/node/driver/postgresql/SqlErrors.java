package io.understudy.node.driver.postgresql;

import io.understudy.node.spi.DriverException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Turns what the database and its driver say into one sentence that names host and database, and
 * never a user or a password. The causes stay out of the exception for the same reason.
 */
record SqlErrors(String url, Duration timeout) {
  private static final String PREFIX = "jdbc:postgresql://";
  private static final String QUERY_CANCELED = "57014";
  private static final String READ_ONLY = "25006";

  /** Host, port and database. */
  String database() {
    String rest = url.startsWith(PREFIX) ? url.substring(PREFIX.length()) : url;
    int options = rest.indexOf('?');
    return options < 0 ? rest : rest.substring(0, options);
  }

  DriverException permanent(String sentence) {
    return DriverException.permanentError("Positions database " + database() + ": " + sentence);
  }

  DriverException translate(SQLException thrown) {
    for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof FileCredentials.UnusableException unusable) {
        return unusable.reason();
      }
    }
    SQLException root = innermost(thrown);
    String state = root.getSQLState() == null ? "" : root.getSQLState();
    if (state.equals(QUERY_CANCELED)) {
      return transientError(
          "the query took longer than " + timeout.toMillis() + " ms (see positions.timeout)");
    }
    if (state.equals(READ_ONLY)) {
      return permanent("the query wants to write (expected: it only reads)");
    }
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "28" -> permanent("user or password refused (check user-file and password-file)");
      case "3D" -> permanent("no such database (check positions.url)");
      case "42", "22" -> permanent("the query was refused: " + said(root));
      default ->
          transientError("not reachable (check that it runs and that this node may connect)");
    };
  }

  private DriverException transientError(String sentence) {
    return DriverException.transientError("Positions database " + database() + ": " + sentence);
  }

  /** The server's own words on a query: they repeat parts of the query and nothing else. */
  private static String said(SQLException error) {
    if (error instanceof PSQLException refused) {
      ServerErrorMessage message = refused.getServerErrorMessage();
      if (message != null && message.getMessage() != null) {
        return message.getMessage();
      }
    }
    return "SQL state " + error.getSQLState();
  }

  /** The pool wraps what the driver threw. */
  private static SQLException innermost(SQLException thrown) {
    SQLException found = thrown;
    for (@Nullable Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException refused) {
        found = refused;
      }
    }
    return found;
  }
}

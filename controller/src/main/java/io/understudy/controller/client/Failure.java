package io.understudy.controller.client;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why the command ends early: one sentence for people that names the thing and the remedy, and a
 * stable reason for programs. Never shown with a stack trace.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;
  private final String reason;
  private final @Nullable Duration earliest;

  /**
   * @param reason UPPER_SNAKE as in the error table of the API, or one of this program's own
   */
  public Failure(ExitCode exitCode, String reason, String sentence) {
    this(exitCode, reason, sentence, null);
  }

  private Failure(ExitCode exitCode, String reason, String sentence, @Nullable Duration earliest) {
    super(sentence, null, false, false);
    this.exitCode = exitCode;
    this.reason = reason;
    this.earliest = earliest;
  }

  /** The command line or the configuration cannot be used as it is. */
  public static Failure usage(String sentence) {
    return new Failure(ExitCode.USAGE, "USAGE", sentence);
  }

  /** The operator said no. */
  public static Failure aborted(String sentence) {
    return new Failure(ExitCode.ABORTED, "ABORTED", sentence);
  }

  /** The same failure, with the time from now before which a repetition cannot succeed. */
  public Failure notBefore(Duration earliestIn) {
    return new Failure(exitCode, reason, sentence(), earliestIn);
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  public String reason() {
    return reason;
  }

  public String sentence() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** How long from now until the command could succeed, where the cluster knows it. */
  public Optional<Duration> earliest() {
    return Optional.ofNullable(earliest);
  }
}

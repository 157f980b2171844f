package io.understudy.node.config;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.positions.Tolerances;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the trading engine expects to hold, and how exactly the broker must agree.
 *
 * @param timeout for asking the source
 */
@Immutable
public record PositionsConfig(Source source, Duration timeout, Tolerances tolerances) {
  public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(5);

  /** Where the expectation comes from. */
  @Immutable
  public sealed interface Source {}

  /** Nothing is expected and nothing compared. */
  @Immutable
  public record Unchecked() implements Source {}

  /** A file that the engine writes. */
  @Immutable
  @SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
  public record JsonFile(Path path) implements Source {}

  /** A file with a header line. */
  @Immutable
  @SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
  public record CsvFile(Path path, Columns columns) implements Source {}

  /**
   * A query.
   *
   * @param url {@code jdbc:postgresql://host:port/database}, without credentials
   */
  @Immutable
  @SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
  public record Postgresql(
      String url, Path userFile, Path passwordFile, String query, Columns columns)
      implements Source {}

  /** Which column holds what. */
  @Immutable
  public record Columns(
      String account, String instrument, String instrumentClass, String quantity) {
    public static final Columns DEFAULT =
        new Columns("account", "instrument", "instrument_class", "quantity");
  }
}

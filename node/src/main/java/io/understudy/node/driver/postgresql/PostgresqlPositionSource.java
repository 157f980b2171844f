package io.understudy.node.driver.postgresql;

import com.google.common.collect.ImmutableList;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.understudy.node.config.PositionsConfig.Columns;
import io.understudy.node.config.PositionsConfig.Postgresql;
import io.understudy.node.core.positions.Position;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.PositionSource;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Expected positions from one query. Connects when it is first asked, keeps at most two connections
 * for a while, and only ever opens read-only transactions. The whole answer, connection included,
 * is bounded by the timeout. User and password are read anew for each connection.
 *
 * <p>One lane. Says nothing of open orders.
 */
public final class PostgresqlPositionSource implements PositionSource {
  private static final int CONNECTIONS_MAX = 2;
  private static final int ROWS_MAX = 100_000;
  private static final int DIGITS_MAX = 40;
  private static final int SCALE_MAX = 20;
  private static final Duration STATEMENT_MIN = Duration.ofMillis(50);
  private static final Duration IDLE_MAX = Duration.ofMinutes(1);

  private final Postgresql config;
  private final Duration timeout;
  private final SqlErrors errors;
  private @Nullable HikariDataSource pool;

  /**
   * Connects to nothing yet.
   *
   * @param timeout of one answer, at least 250 ms
   */
  public PostgresqlPositionSource(Postgresql config, Duration timeout) {
    this.config = config;
    this.timeout = timeout;
    this.errors = new SqlErrors(config.url(), timeout);
  }

  @Override
  public Expected expected() throws DriverException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (Connection connection = pool().getConnection()) {
      try {
        return new Expected(read(connection, deadline), OptionalInt.empty());
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw errors.translate(e);
    } catch (FileCredentials.UnusableException e) {
      throw e.reason();
    }
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.close();
      pool = null;
    }
  }

  private HikariDataSource pool() {
    if (pool == null) {
      pool = new HikariDataSource(poolConfig());
    }
    return pool;
  }

  private HikariConfig poolConfig() {
    HikariConfig settings = new HikariConfig();
    settings.setPoolName("positions");
    settings.setJdbcUrl(config.url());
    settings.setCredentialsProvider(new FileCredentials(config.userFile(), config.passwordFile()));
    settings.setMaximumPoolSize(CONNECTIONS_MAX);
    settings.setMinimumIdle(0);
    settings.setIdleTimeout(IDLE_MAX.toMillis());
    settings.setInitializationFailTimeout(-1);
    settings.setConnectionTimeout(timeout.toMillis());
    settings.setValidationTimeout(Math.min(timeout.toMillis(), 1_000));
    settings.setAutoCommit(false);
    settings.setReadOnly(true);
    // The driver's own limits have whole seconds; they are the second line behind the server's.
    String seconds = Long.toString(timeout.toSeconds() + 1);
    settings.addDataSourceProperty("connectTimeout", seconds);
    settings.addDataSourceProperty("socketTimeout", seconds);
    settings.addDataSourceProperty("readOnlyMode", "always");
    settings.addDataSourceProperty("ApplicationName", "understudyd");
    return settings;
  }

  private ImmutableList<Position> read(Connection connection, long deadline)
      throws SQLException, DriverException {
    limitStatements(connection, Duration.ofNanos(deadline - System.nanoTime()));
    try (PreparedStatement statement = connection.prepareStatement(config.query())) {
      statement.setMaxRows(ROWS_MAX + 1);
      try (ResultSet rows = statement.executeQuery()) {
        return positions(rows);
      }
    }
  }

  private static void limitStatements(Connection connection, Duration left) throws SQLException {
    long millis = Math.max(left.toMillis(), STATEMENT_MIN.toMillis());
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL statement_timeout = " + millis);
    }
  }

  private ImmutableList<Position> positions(ResultSet rows) throws SQLException, DriverException {
    Columns columns = config.columns();
    int account = column(rows, columns.account());
    int instrument = column(rows, columns.instrument());
    int instrumentClass = column(rows, columns.instrumentClass());
    int quantity = column(rows, columns.quantity());
    ImmutableList.Builder<Position> positions = ImmutableList.builder();
    int number = 0;
    while (rows.next()) {
      number++;
      if (number > ROWS_MAX) {
        throw errors.permanent("the query returns more than " + ROWS_MAX + " rows (narrow it)");
      }
      positions.add(
          new Position(
              text(rows, account, number),
              text(rows, instrument, number),
              text(rows, instrumentClass, number),
              quantity(rows, quantity, number)));
    }
    return positions.build();
  }

  private int column(ResultSet rows, String name) throws SQLException, DriverException {
    ResultSetMetaData found = rows.getMetaData();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= found.getColumnCount(); i++) {
      if (found.getColumnLabel(i).equals(name)) {
        return i;
      }
      names.add(found.getColumnLabel(i));
    }
    throw errors.permanent(
        "the query returns no column '"
            + name
            + "' (found: "
            + String.join(", ", names)
            + "; positions.columns says which one to use)");
  }

  private String text(ResultSet rows, int column, int row) throws SQLException, DriverException {
    String text = rows.getString(column);
    if (text == null || text.isBlank()) {
      throw errors.permanent(place(rows, column, row) + ": empty (expected: a text)");
    }
    return text.strip();
  }

  private BigDecimal quantity(ResultSet rows, int column, int row)
      throws SQLException, DriverException {
    String text = rows.getString(column);
    try {
      BigDecimal value = new BigDecimal(text == null ? "" : text.strip());
      if (value.precision() <= DIGITS_MAX && Math.abs(value.scale()) <= SCALE_MAX) {
        return value;
      }
    } catch (NumberFormatException e) {
      // NaN, Infinity, NULL, text: reported below, with the place.
    }
    throw errors.permanent(
        place(rows, column, row) + ": no number of reasonable size (expected: like 100 or -2.5)");
  }

  private static String place(ResultSet rows, int column, int row) throws SQLException {
    return "row " + row + ", column '" + rows.getMetaData().getColumnLabel(column) + "'";
  }
}

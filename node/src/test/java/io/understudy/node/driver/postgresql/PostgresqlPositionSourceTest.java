package io.understudy.node.driver.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.understudy.node.config.PositionsConfig.Columns;
import io.understudy.node.config.PositionsConfig.Postgresql;
import io.understudy.node.core.positions.Position;
import io.understudy.node.spi.DriverException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real PostgreSQL server, which asks the reader for a password. */
final class PostgresqlPositionSourceTest {
  private static final String ALL =
      "select account, instrument, instrument_class, quantity from positions order by instrument";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static EmbeddedPostgres server;

  @TempDir Path directory;
  private final List<PostgresqlPositionSource> sources = new ArrayList<>();

  @BeforeAll
  static void startServer() throws Exception {
    server = EmbeddedPostgres.builder().start();
    run(
        "create table positions (account text, instrument text, instrument_class text,"
            + " quantity numeric)",
        "insert into positions values ('U1', '1', 'STK', 0.1), ('U1', '2', 'cash', -12.50)",
        "create role reader login password 'correct horse'",
        "grant select, insert on positions to reader");
    Path access = Path.of(query("show hba_file"));
    Files.writeString(access, "host all reader all scram-sha-256\n" + Files.readString(access));
    run("select pg_reload_conf()");
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void secrets() throws IOException {
    secret("user", "reader");
    secret("password", "correct horse");
  }

  @AfterEach
  void closeSources() {
    sources.forEach(PostgresqlPositionSource::close);
  }

  @Test
  void positionsAreReadExactly() throws Exception {
    assertThat(source(ALL).expected().positions())
        .containsExactly(
            new Position("U1", "1", "STK", new BigDecimal("0.1")),
            new Position("U1", "2", "CASH", new BigDecimal("-12.5")));
    assertThat(source(ALL).expected().openOrders()).isEmpty();
  }

  @Test
  void columnsCanBeNamedOtherwise() throws Exception {
    PostgresqlPositionSource source =
        source(
            url("postgres"),
            "select 'x' as note, 7::float8 as qty, 'STK' as type, 265598 as conid, 'U1' as acc",
            new Columns("acc", "conid", "type", "qty"),
            TIMEOUT);

    assertThat(source.expected().positions())
        .containsExactly(new Position("U1", "265598", "STK", new BigDecimal("7")));
  }

  @Test
  void manyAnswersUseFewConnections() throws Exception {
    PostgresqlPositionSource source = source(ALL);
    for (int i = 0; i < 10; i++) {
      assertThat(source.expected().positions()).hasSize(2);
    }
    assertThat(query("select count(*) from pg_stat_activity where application_name='understudyd'"))
        .isIn("1", "2");
  }

  @Test
  void aConnectionThatDiedIsReplaced() throws Exception {
    PostgresqlPositionSource source = source(ALL);
    assertThat(source.expected().positions()).hasSize(2);
    run("select pg_terminate_backend(pid) from pg_stat_activity where usename='reader'");

    DriverException first = catchThrowableOfType(DriverException.class, source::expected);
    assertThat(first == null || first.kind() == DriverException.Kind.TRANSIENT).isTrue();
    assertThat(source.expected().positions()).hasSize(2);
  }

  @Test
  void aQueryThatWritesIsRefused() throws Exception {
    DriverException thrown =
        failureOf(source("insert into positions values ('U1','3','STK',1) returning *"));

    assertThat(thrown).hasMessageContaining("the query wants to write");
    assertThat(query("select count(*) from positions")).isEqualTo("2");
  }

  @Test
  void aMissingColumnIsNamedWithThoseThatExist() {
    assertThat(failureOf(source("select account, quantity from positions")))
        .hasMessageContaining(
            "the query returns no column 'instrument' (found: account, quantity;");
  }

  @Test
  void valuesThatCannotBeUsedAreNamedByRowAndColumn() {
    String columns = "select 'U1' as account, '1' as instrument, 'STK' as instrument_class, ";

    assertThat(failureOf(source(columns + "'NaN'::numeric as quantity")))
        .hasMessageContaining("row 1, column 'quantity': no number of reasonable size");
    assertThat(failureOf(source(columns + "null::numeric as quantity")))
        .hasMessageContaining("row 1, column 'quantity'");
    assertThat(failureOf(source(ALL.replace("account,", "null::text as account,"))))
        .hasMessageContaining("row 1, column 'account': empty");
  }

  @Test
  void aQueryThatDoesNotHoldTellsWhy() {
    DriverException thrown = failureOf(source("select * from nowhere"));

    assertThat(thrown.kind()).isEqualTo(DriverException.Kind.PERMANENT);
    assertThat(thrown)
        .hasMessageContaining("the query was refused: relation \"nowhere\" does not exist");
  }

  @Test
  void aWrongPasswordIsNamedWithoutShowingItAndTheNextOneIsUsed() throws Exception {
    secret("password", "hunter2");
    PostgresqlPositionSource source =
        source(url("postgres"), ALL, Columns.DEFAULT, Duration.ofSeconds(2));

    DriverException thrown = failureOf(source);

    assertThat(thrown.kind()).isEqualTo(DriverException.Kind.PERMANENT);
    assertThat(thrown)
        .hasMessageContaining("127.0.0.1:" + server.getPort() + "/postgres")
        .hasMessageContaining("user or password refused")
        .hasMessageNotContaining("hunter2")
        .hasMessageNotContaining("reader")
        .hasNoCause();
    secret("password", "correct horse");
    assertThat(source.expected().positions()).hasSize(2);
  }

  @Test
  void aSecretFileThatOthersMayReadIsNamed() throws Exception {
    Files.setPosixFilePermissions(
        directory.resolve("password"), PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(failureOf(source(ALL)))
        .hasMessageContaining("chmod 600 " + directory.resolve("password"));
  }

  @Test
  void anUnknownDatabaseIsNamed() {
    PostgresqlPositionSource source =
        source(url("nowhere"), ALL, Columns.DEFAULT, Duration.ofSeconds(2));

    assertThat(failureOf(source)).hasMessageContaining("/nowhere: no such database");
  }

  @Test
  void aSlowQueryIsCutOff() {
    PostgresqlPositionSource source =
        source(
            url("postgres"),
            "select pg_sleep(60), account, instrument, instrument_class, quantity from positions",
            Columns.DEFAULT,
            Duration.ofSeconds(1));

    DriverException thrown = failureOf(source);

    assertThat(thrown.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(thrown).hasMessageContaining("the query took longer than 1000 ms");
  }

  @Test
  void aServerThatHangsIsNamedInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      long begin = System.nanoTime();

      assertNotReachable(silent.getLocalPort());

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void aServerThatIsAwayIsNamed() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertNotReachable(port);
  }

  private void assertNotReachable(int port) {
    String address = "127.0.0.1:" + port + "/trading";
    DriverException thrown =
        failureOf(
            source("jdbc:postgresql://" + address, ALL, Columns.DEFAULT, Duration.ofMillis(300)));
    assertThat(thrown.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(thrown).hasMessageContaining(address + ": not reachable");
  }

  private static DriverException failureOf(PostgresqlPositionSource source) {
    DriverException thrown = catchThrowableOfType(DriverException.class, source::expected);
    assertThat(thrown).as("an answer where none was expected").isNotNull();
    assertThat(thrown.getMessage()).doesNotContain("\n");
    return thrown;
  }

  private PostgresqlPositionSource source(String query) {
    return source(url("postgres"), query, Columns.DEFAULT, TIMEOUT);
  }

  private PostgresqlPositionSource source(
      String url, String query, Columns columns, Duration timeout) {
    PostgresqlPositionSource source =
        new PostgresqlPositionSource(
            new Postgresql(
                url, directory.resolve("user"), directory.resolve("password"), query, columns),
            timeout);
    sources.add(source);
    return source;
  }

  private static String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database;
  }

  private void secret(String name, String value) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, value);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static void run(String... statements) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String query(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}

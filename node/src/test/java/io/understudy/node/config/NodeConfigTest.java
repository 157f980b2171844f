package io.understudy.node.config;

import static io.understudy.node.config.ConfigFixture.MINIMAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.CellSettings.CompetingPolicy;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.GatewayId;
import io.understudy.settings.ConfigException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeConfigTest {
  private static final Path SAMPLE = Path.of("src/main/config/understudyd.sample.yaml");

  @TempDir Path directory;
  private ConfigFixture fixture;

  @BeforeEach
  void files() throws IOException {
    fixture = ConfigFixture.create(directory);
  }

  @Test
  void aMinimalFileGetsTheDefaults() throws Exception {
    NodeConfig config = fixture.load(MINIMAL);

    assertThat(config.cluster()).isEqualTo("main");
    assertThat(config.stateDirectory()).isEqualTo(directory.resolve("state"));
    assertThat(config.coordination().sessionTimeout()).isEqualTo(Duration.ofSeconds(6));
    assertThat(config.coordination().tls()).isEmpty();
    assertThat(config.lease().renewInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.api().advertise()).isEqualTo(config.api().listen());
    assertThat(config.http().listen()).isEmpty();
    GatewayConfig live = config.gateways().values().iterator().next();
    assertThat(config.gateways()).containsOnlyKeys(new GatewayId("live"));
    assertThat(live.secondFactor().kind()).isEqualTo(SecondFactorKind.TOTP);
    assertThat(live.secondFactor().secretFile()).contains(directory.resolve("live-totp"));
    assertThat(live.timings().fence()).isEqualTo(Duration.ofMillis(1400));
    assertThat(live.clientPortal().selectors(PageElement.SUCCESS)).containsExactly("pre", "body");
    assertThat(live.positions().source()).isEqualTo(new PositionsConfig.Unchecked());
    assertThat(live.maintenance()).isEmpty();
  }

  @Test
  void effectiveValuesArePrintedAndSecretsAreOnlyFileNames() throws Exception {
    ImmutableList<String> lines = fixture.load(MINIMAL).describe();

    assertThat(lines)
        .contains(
            "cluster=main",
            "lease.safety-margin=600ms",
            "coordination.tls=(none)",
            "gateways.live.timings.login-timeout=90s",
            "gateways.live.password-file=" + directory.resolve("live-password"),
            "gateways.live.client-portal.selectors.success=[pre, body]");
    assertThat(String.join("\n", lines)).doesNotContain("live-password value");
  }

  @Test
  void everyKindOfValueIsRead() throws Exception {
    fixture.secret("db-user", "reader");
    fixture.secret("db-password", "p");
    String positions =
        """
            positions:
              source: postgresql
              url: jdbc:postgresql://127.0.0.1:5432/trading
              user-file: db-user
              password-file: db-password
              query: select a, b, c, d from p
              columns: {account: a, instrument: b, instrument-class: c, quantity: d}
              tolerance: {CASH: 0.01, default: 1}
            maintenance-region: asia-pacific
            maintenance:
              - {days: [Sat], from: "23:00", to: "03:00", zone: Europe/Zurich}
            drill:
              rto: 45s
              timeout: 5m
              market-hours:
                - {days: [Mon], from: "09:30", to: "16:00", zone: America/New_York}
            competing-session: yield
        """;
    NodeConfig config =
        fixture.load(
            MINIMAL
                + positions
                + "http: {listen: [127.0.0.1:7480]}\nlog: {format: json, level: debug}\n");

    GatewayConfig live = config.gateways().values().iterator().next();
    assertThat(live.positions().source())
        .isInstanceOfSatisfying(
            PositionsConfig.Postgresql.class,
            source -> assertThat(source.columns().quantity()).isEqualTo("d"));
    assertThat(live.positions().tolerances().of("CASH")).isEqualTo(new BigDecimal("0.01"));
    assertThat(live.positions().tolerances().of("STK")).isEqualTo(BigDecimal.ONE);
    assertThat(live.competingSession()).isEqualTo(CompetingPolicy.YIELD);
    assertThat(live.maintenance()).hasSize(4);
    assertThat(live.maintenance().getLast().contains(Instant.parse("2026-11-22T01:59:00Z")))
        .isTrue();
    assertThat(live.maintenance().getLast().contains(Instant.parse("2026-11-22T02:00:00Z")))
        .isFalse();
    assertThat(live.drill().rto()).isEqualTo(Duration.ofSeconds(45));
    assertThat(live.drill().timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(
            live.drill().marketHours().getFirst().contains(Instant.parse("2026-11-23T15:00:00Z")))
        .isTrue();
    assertThat(live.cellSettings().drill()).isEqualTo(live.drill());
    assertThat(config.http().listen()).hasSize(1);
    assertThat(config.log()).isEqualTo(new LogConfig(LogConfig.Format.JSON, LogConfig.Level.DEBUG));
  }

  @Test
  void fiveMistakesAreReportedAtOnceInTheOrderOfTheFile() {
    String yaml =
        MINIMAL
            .replace("node: alpha", "node: Alpha 1")
            .replace("  connect: 127.0.0.1:2181", "  connect: 127.0.0.1\n  session-timeout: 6")
            .replace("secret-file: live-totp", "secret-file: nowhere")
            .replace("      listen: 127.0.0.1:4001", "      lisen: 127.0.0.1:4001");

    assertThat(fixture.problemsOf(yaml))
        .containsExactly(
            "node (line 2): Alpha 1 (expected: 1 to 32 of a-z 0-9 -, beginning with a letter)",
            "coordination.connect (line 5): 127.0.0.1 (expected: HOST:PORT,HOST:PORT,…)",
            "coordination.session-timeout (line 6): 6 (expected: a duration from 2s to 1m)",
            "gateways.live.second-factor.secret-file (line 20): "
                + directory.resolve("nowhere")
                + ": no such file (create it with mode 600)",
            "gateways.live.relay.lisen (line 22): unknown key (did you mean 'listen'?)");
  }

  @Test
  void whatIsMissingIsNamedWithWhatIsExpected() {
    assertThat(fixture.problemsOf("cluster: main\nnode: alpha\n"))
        .containsExactly(
            "state-directory: missing (expected: a directory)",
            "coordination.connect: missing (expected: HOST:PORT,HOST:PORT,…)",
            "api.listen: missing (expected: HOST:PORT)",
            "api.certificate: missing (expected: a certificate file (PEM))",
            "api.key: missing (expected: a private key file (PEM))",
            "api.authority: missing (expected: a certificate file (PEM))",
            "gateways: missing (expected: at least one gateway)");
  }

  @Test
  void aKeyThatStandsTwiceIsAnError() {
    assertThat(fixture.problemsOf(MINIMAL + "node: beta\n"))
        .containsExactly("node (line 24): stands twice (first in line 2)");
  }

  @Test
  void anUnknownKeyFarFromAllOthersListsTheKnownOnes() {
    assertThat(fixture.problemsOf(MINIMAL + "http: {quantum: 1}\n"))
        .containsExactly("http.quantum (line 24): unknown key (known here: listen)");
  }

  @Test
  void aTextThatIsNotYamlIsOneSentence() {
    assertThat(fixture.problemsOf("cluster: main\nnode: [a\nx: y\n"))
        .singleElement()
        .asString()
        .startsWith("line 3: not valid YAML: ")
        .doesNotContain("\n");
    assertThat(fixture.problemsOf("")).containsExactly("the file is empty");
    assertThat(fixture.problemsOf("- a\n"))
        .containsExactly("line 1: found a list (expected: keys and values)");
    assertThat(fixture.problemsOf("cluster:\n  - {\n\t"))
        .singleElement()
        .asString()
        .contains("not valid YAML");
  }

  @Test
  void aMissingFileIsOneSentence() {
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class, () -> NodeConfig.load(directory.resolve("none.yaml")));
    assertThat(thrown)
        .hasMessage(
            directory.resolve("none.yaml")
                + ": 1 problem\n  no such file (name the configuration file of this node)");
  }

  @Test
  void valuesOfTheWrongShapeAreNamed() {
    assertThat(
            fixture.problemsOf(
                MINIMAL.replace("cluster: main", "cluster: {a: b}")
                    + "http: 5\nlease: [1]\n"
                    + "    timings:\n".strip()
                    + " {a: b}\n"))
        .containsExactly(
            "cluster (line 1): a section (expected: 1 to 32 of a-z 0-9 -, beginning with a letter)",
            "http (line 24): a single value (expected: a section)",
            "lease (line 25): a list (expected: a section)",
            "timings (line 26): unknown key (known here: cluster, node, state-directory,"
                + " tunnel-socket, supervision, coordination, lease, api, http, log, page,"
                + " gateways)");
  }

  @Test
  void leaseTimingsThatCannotHoldAreRefusedAllAtOnce() {
    assertThat(
            fixture.problemsOf(
                MINIMAL + "lease: {renew-interval: 2s, safety-margin: 0s, self-fence-lead: 5s}\n"))
        .containsExactly(
            "lease.renew-interval (line 24): 2s (expected: > 0s, at most a quarter of"
                + " session-timeout)",
            "lease.safety-margin (line 24): 0s (expected: at least a twentieth of session-timeout)",
            "lease.self-fence-lead (line 24): 5s (expected: > 0s, and session-timeout -"
                + " safety-margin - self-fence-lead of at least 2.5 renew intervals, or a healthy"
                + " lease would end)");
  }

  @Test
  void stoppingTheGatewayMustFitIntoTheSelfFenceLead() {
    assertThat(fixture.problemsOf(MINIMAL + "    timings: {fence-timeout: 1500ms}\n"))
        .containsExactly(
            "gateways.live.timings.fence-timeout (line 24): 1500ms (expected: at most"
                + " lease.self-fence-lead less 100ms to shut the relay, 1400ms)");
    assertThat(fixture.problemsOf(MINIMAL + "    timings: {kill-grace: 1s}\n"))
        .containsExactly(
            "gateways.live.timings.kill-grace (line 24): 1s (expected: at most half of"
                + " fence-timeout and of logout-timeout, 700ms)");
  }

  @Test
  void aLoginMustHaveTimeForItsSecondFactor() throws Exception {
    String push =
        MINIMAL.replace("kind: totp", "kind: push").replace("      secret-file: live-totp\n", "");

    assertThat(fixture.load(push).gateways().values().iterator().next().timings().login())
        .isEqualTo(Duration.ofMinutes(3));
    assertThat(fixture.problemsOf(push + "    timings: {login-timeout: 100s}\n"))
        .containsExactly(
            "gateways.live.timings.login-timeout (line 23): 100s (expected: at least"
                + " client-portal.page-timeout + pre-submit-delay + the wait for the second"
                + " factor, 140s)");
    assertThat(fixture.problemsOf(MINIMAL.replace("kind: totp", "kind: push")))
        .containsExactly(
            "gateways.live.second-factor.secret-file (line 19): not used with kind push (remove"
                + " it)");
  }

  @Test
  void twoListenersOnOnePortAreRefused() {
    assertThat(
            fixture.problemsOf(
                MINIMAL.replace("127.0.0.1:4001", "127.0.0.1:7443")
                    + "http: {listen: [127.0.0.1:5000, 127.0.0.2:7443]}\n"))
        .containsExactly(
            "gateways.live.relay.listen (line 21): port 7443 is that of api.listen (expected: a"
                + " port of its own)",
            "gateways.live.client-portal.listen-port (line 22): port 5000 is that of http.listen (expected: a"
                + " port of its own)");
  }

  @Test
  void twoGatewaysWithOneUsernameAreRefused() throws Exception {
    fixture.secret("paper-username", "live-username value");
    String gateways = MINIMAL.substring(MINIMAL.indexOf("  live:"));
    String paper =
        gateways
            .replace("  live:", "  paper:")
            .replace("username-file: live-username", "username-file: paper-username")
            .replace(":4001", ":4002")
            .replace("program: gateway", "program: gateway\n      listen-port: 5001");

    assertThat(fixture.problemsOf(MINIMAL + paper))
        .containsExactly(
            "gateways.paper.username-file (line 27): "
                + directory.resolve("paper-username")
                + ": the same user as gateways.live.username-file (expected: a username of its own"
                + " for each gateway)");
  }

  @Test
  void credentialsInADatabaseAddressAreRefusedWithoutShowingThem() {
    List<String> problems =
        fixture.problemsOf(
            MINIMAL
                + "    positions:\n      source: postgresql\n"
                + "      url: jdbc:postgresql://h/db?password=hunter2\n");

    assertThat(problems)
        .contains(
            "gateways.live.positions.url (line 26): contains credentials (expected: them in"
                + " user-file and password-file)");
    assertThat(String.join("\n", problems)).doesNotContain("hunter2");
  }

  @Test
  void keysOfAnotherSourceAreRefused() {
    assertThat(
            fixture.problemsOf(
                MINIMAL + "    positions: {source: json-file, path: p.json, query: select 1}\n"))
        .containsExactly(
            "gateways.live.positions.query (line 24): not used with source json-file (remove it)");
  }

  @Test
  void theSampleFileHoldsEveryKeyWithItsDefault() throws Exception {
    NodeConfig minimal = fixture.load(MINIMAL);
    NodeConfig sample = fixture.load(sampleInFixture());

    Set<String> ofTheMachine =
        Set.of("coordination.connect", "api.listen", "api.advertise", "gateways.live.relay.listen");
    minimal
        .effective()
        .forEach((key, value) -> {
          if (key.equals("coordination.tls")) {
            assertThat(sample.effective()).containsKey("coordination.tls.authority");
          } else if (!value.contains(directory.toString()) && !ofTheMachine.contains(key)) {
            assertThat(sample.effective()).as(key).containsEntry(key, value);
          }
        });
    assertThat(commentedKeysOf(Files.readString(SAMPLE)))
        .contains("path", "url", "user-file", "password-file", "query", "columns", "account")
        .contains("instrument", "instrument-class", "quantity", "days", "from", "to", "zone")
        .contains("revoked", "viewer-token-file", "tunnel-socket");
  }

  @Test
  void theKeysAndDefaultsArePinned() throws Exception {
    String pinned =
        fixture.load(MINIMAL).describe().stream()
            .filter(line -> !line.contains(directory.toString()) && !line.contains(".selectors."))
            .filter(line -> !line.contains("client-portal.java="))
            .reduce("", (text, line) -> text + line + "\n");
    assertThat(pinned)
        .isEqualTo(
            """
            cluster=main
            node=alpha
            tunnel-socket=(none)
            supervision=systemd
            coordination.connect=127.0.0.1:2181
            coordination.session-timeout=6s
            coordination.start-timeout=15s
            coordination.tls=(none)
            lease.renew-interval=1s
            lease.safety-margin=600ms
            lease.self-fence-lead=1500ms
            api.listen=127.0.0.1:7443
            api.advertise=127.0.0.1:7443
            api.revoked=(none)
            http.listen=[]
            log.format=text
            log.level=info
            page=(none)
            gateways.live.driver=client-portal
            gateways.live.mode=live
            gateways.live.second-factor.kind=totp
            gateways.live.second-factor.push-timeout=2m
            gateways.live.second-factor.code-timeout=2m
            gateways.live.competing-session=retake
            gateways.live.warm-standby=true
            gateways.live.client-portal.java-options=[-Xmx128m]
            gateways.live.client-portal.listen-port=5000
            gateways.live.client-portal.upstream=https://api.ibkr.com
            gateways.live.client-portal.browser.engine=htmlunit
            gateways.live.client-portal.browser.binary=/usr/bin/chromium
            gateways.live.client-portal.browser.driver=/usr/bin/chromedriver
            gateways.live.client-portal.pre-submit-delay=5s
            gateways.live.client-portal.page-timeout=15s
            gateways.live.client-portal.call-timeout=5s
            gateways.live.client-portal.upstream-timeout=10s
            gateways.live.client-portal.orders-pause=5s
            gateways.live.relay.listen=127.0.0.1:4001
            gateways.live.relay.connections-max=64
            gateways.live.timings.start-timeout=30s
            gateways.live.timings.login-timeout=90s
            gateways.live.timings.verify-timeout=1m
            gateways.live.timings.logout-timeout=5s
            gateways.live.timings.fence-timeout=1400ms
            gateways.live.timings.kill-grace=500ms
            gateways.live.timings.probe-interval=1s
            gateways.live.login-budget.failures-max=3
            gateways.live.login-budget.backoff=30s
            gateways.live.login-budget.clock-skew-max=10s
            gateways.live.hold-down.cedes-max-per-hour=3
            gateways.live.maintenance-region=none
            gateways.live.maintenance=[]
            gateways.live.drill.rto=2m
            gateways.live.drill.timeout=15m
            gateways.live.drill.market-hours=[]
            gateways.live.positions.source=none
            gateways.live.positions.timeout=5s
            gateways.live.positions.tolerance.default=0
            """);
  }

  /** The sample, with its absolute paths led into the fixture's directory. */
  private String sampleInFixture() throws IOException {
    Files.createDirectories(directory.resolve("etc/understudy/tls"));
    Files.createDirectories(directory.resolve("opt/clientportal.gw"));
    fixture.certificates(
        "etc/understudy/tls/node.crt",
        "etc/understudy/tls/node.key",
        Instant.now().plus(Duration.ofDays(1)));
    Files.copy(directory.resolve("ca.crt"), directory.resolve("etc/understudy/tls/ca.crt"));
    Files.createDirectories(directory.resolve("etc/understudy/secrets"));
    for (String name : List.of("live-username", "live-password", "live-totp")) {
      fixture.secret("etc/understudy/secrets/" + name, name);
    }
    return Files.readString(SAMPLE)
        .replace("/etc/", directory + "/etc/")
        .replace("/opt/", directory + "/opt/")
        .replace("/var/lib/", directory + "/")
        .replace("/usr/bin/java", Path.of(System.getProperty("java.home"), "bin/java").toString());
  }

  private static Set<String> commentedKeysOf(String text) {
    Matcher matcher = Pattern.compile("(?m)^ *# +(?:- )?([a-z-]+):").matcher(text);
    Set<String> keys = new TreeSet<>();
    while (matcher.find()) {
      keys.add(matcher.group(1));
    }
    return keys;
  }
}

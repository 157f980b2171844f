package io.understudy.bundle.render;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.bundle.cluster.Alerts;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.render.RuleFile.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertmanagerConfTest {
  private static final String UNITS = "/etc/systemd/system/";
  private static final Duration TELEGRAM_TAKES = Duration.ofSeconds(10);

  /**
   * Their waiting times are what they mean: days, or what LeaderWithoutGate has told of already.
   */
  private static final ImmutableSet<String> PATIENT =
      ImmutableSet.of("CertificateExpiring", "GatewayDown");

  @TempDir private Path root;

  private static Bundle bundle(ClusterFile cluster) {
    return Rendered.bundle(cluster, Materials.STEADY, Clusters.ALPHA);
  }

  private static Bundle bundle() {
    return bundle(Clusters.ALERTING);
  }

  private static Map<String, Object> config() {
    return RuleFile.yaml(Rendered.file(bundle(), AlertmanagerConf.CONFIG));
  }

  @Test
  void withoutAChannelNoMonitoringRunsAndWithOneItDoes() {
    assertThat(bundle(Clusters.MAIN).files())
        .extracting(RenderedFile::target)
        .noneMatch(target -> target.contains("alertmanager"));
    assertThat(bundle().files())
        .extracting(RenderedFile::target)
        .contains(UNITS + MonitoringUnits.PROMETHEUS, UNITS + MonitoringUnits.ALERTMANAGER);
    assertThat(Rendered.bundle(Clusters.ALERTING, Materials.STEADY, Clusters.GAMMA).files())
        .extracting(RenderedFile::target)
        .noneMatch(target -> target.contains("prometheus"));
  }

  @Test
  void amtoolTakesTheConfigurationOfEachChannelAndOfAll() throws IOException {
    Tool.assumeInstalled("amtool", "prometheus-alertmanager");
    Alerts all = Clusters.EVERY_CHANNEL;
    Alerts none = Alerts.NONE;
    ImmutableList<Alerts> channels =
        ImmutableList.of(
            all,
            new Alerts(
                all.telegram(), none.email(), none.webhook(), none.heartbeat(), none.ports()),
            new Alerts(
                none.telegram(), all.email(), none.webhook(), none.heartbeat(), none.ports()),
            new Alerts(
                none.telegram(), none.email(), all.webhook(), none.heartbeat(), none.ports()),
            new Alerts(
                none.telegram(), none.email(), none.webhook(), all.heartbeat(), none.ports()));
    for (Alerts alerts : channels) {
      Tool.Ended ended =
          Tool.run("amtool", "check-config", filledIn(bundle(Clusters.with(alerts))));
      assertThat(ended.status()).as("%s: %s", alerts, ended.output()).isZero();
    }
  }

  @Test
  void theTokenIsFilledInOnTheHostAndABadOneIsRefused() throws IOException {
    Tool.assumeInstalled("bash", "bash");
    assertThat(bundle().files())
        .filteredOn(file -> !file.target().endsWith(".sh"))
        .noneMatch(file -> file.content().contains("123:abc"));
    assertThat(Files.readString(Path.of(filledIn(bundle()))))
        .contains("bot_token: \"123:abc-_\"")
        .doesNotContain("@TELEGRAM_TOKEN@");
    Tool.Ended refused = fill(bundle(), "se cret\\1");
    assertThat(refused.status()).isNotZero();
    assertThat(refused.output()).contains("alerts-telegram-token").doesNotContain("se cret");
  }

  /** What a host does when the unit starts; the path of the configuration that results. */
  private String filledIn(Bundle bundle) throws IOException {
    if (bundle.files().stream()
        .noneMatch(file -> file.target().equals(AlertmanagerConf.WITH_TOKEN))) {
      return relocated(bundle).toString();
    }
    Tool.Ended ended = fill(bundle, "123:abc-_");
    assertThat(ended.status()).as(ended.output()).isZero();
    return root.resolve("alertmanager.yml").toString();
  }

  private Tool.Ended fill(Bundle bundle, String token) throws IOException {
    Files.writeString(root.resolve("alerts-telegram-token"), token + "\n");
    Path script = root.resolve("with-token.sh");
    Files.writeString(script, Rendered.file(bundle, AlertmanagerConf.WITH_TOKEN));
    return Tool.run(
        "env",
        "CREDENTIALS_DIRECTORY=" + root,
        "RUNTIME_DIRECTORY=" + root,
        "bash",
        script.toString(),
        relocated(bundle).toString());
  }

  private Path relocated(Bundle bundle) throws IOException {
    Path template = root.resolve("understudy.tmpl");
    Files.writeString(template, Rendered.file(bundle, AlertmanagerConf.TEMPLATE));
    return Files.writeString(
        root.resolve("rendered.yml"),
        Rendered.file(bundle, AlertmanagerConf.CONFIG)
            .replace(AlertmanagerConf.TEMPLATE, template.toString()));
  }

  @Test
  void aMessageSaysWhichNodeSentIt() {
    assertThat(Rendered.file(bundle(), AlertmanagerConf.TEMPLATE))
        .contains("\nSent by node alpha\n")
        .doesNotContain("@NODE@");
  }

  /** The longest way of each critical alert, from the fault to the telephone. */
  @Test
  void aCriticalFaultIsAMessageWithinFiveMinutes() {
    Map<String, Object> prometheus = RuleFile.yaml(Rendered.file(bundle(), PrometheusConf.CONFIG));
    Map<String, Object> global = RuleFile.map(prometheus, "global");
    Map<String, Object> route = RuleFile.map(config(), "route");
    Matcher peerTimeout =
        Pattern.compile("--cluster.peer-timeout=(\\S+)")
            .matcher(Rendered.file(bundle(), UNITS + MonitoringUnits.ALERTMANAGER));
    assertThat(peerTimeout.find()).isTrue();
    // A group that has spoken before waits for its interval instead.
    Duration group =
        Stream.of("group_wait", "group_interval")
            .map(key -> RuleFile.duration(RuleFile.text(route, key)))
            .max(Duration::compareTo)
            .orElseThrow();
    // Facts are recorded by one evaluation, and the alert comes from another.
    Duration around =
        Stream.of(
                RuleFile.text(global, "scrape_interval"),
                RuleFile.text(global, "scrape_timeout"),
                RuleFile.text(global, "evaluation_interval"),
                RuleFile.text(global, "evaluation_interval"),
                peerTimeout.group(1))
            .map(RuleFile::duration)
            .reduce(TELEGRAM_TAKES.plus(group), Duration::plus);
    for (Alert alert : RuleFile.alerts()) {
      if (alert.severity().equals("critical") && !PATIENT.contains(alert.name())) {
        assertThat(around.plus(alert.holds())).as(alert.name()).isLessThan(Duration.ofMinutes(5));
      }
    }
  }

  @Test
  void criticalIsRepeatedEveryHalfHourAndTheHeartbeatIsForItsAddressAlone() {
    List<Map<String, Object>> routes = RuleFile.list(RuleFile.map(config(), "route"), "routes");
    assertThat(routes)
        .anySatisfy(each -> {
          assertThat(RuleFile.text(each, "matchers")).isEqualTo("[severity=\"critical\"]");
          assertThat(RuleFile.text(each, "repeat_interval")).isEqualTo("30m");
        })
        .anySatisfy(each -> {
          assertThat(RuleFile.text(each, "matchers")).isEqualTo("[severity=\"none\"]");
          assertThat(RuleFile.text(each, "receiver")).isEqualTo("heartbeat");
        });
    assertThat(RuleFile.list(config(), "receivers"))
        .filteredOn(each -> each.toString().contains("hc.example.org"))
        .extracting(each -> RuleFile.text(each, "name"))
        .containsExactly("heartbeat");
  }

  /** An alert that keeps another one quiet has to be there first. */
  @Test
  void whatKeepsAnAlertQuietFiresNoLaterThanIt() {
    ImmutableSet<String> known =
        RuleFile.alerts().stream().map(Alert::name).collect(ImmutableSet.toImmutableSet());
    List<Map<String, Object>> rules = RuleFile.list(config(), "inhibit_rules");
    assertThat(rules).isNotEmpty();
    for (Map<String, Object> rule : rules) {
      List<?> source = matchers(rule, "source_matchers");
      List<?> target = matchers(rule, "target_matchers");
      ImmutableList<String> sources = names(source);
      ImmutableList<String> targets = names(target);
      assertThat(known).containsAll(sources).containsAll(targets);
      for (String loud : sources) {
        for (String quiet : targets) {
          assertThat(first(loud, source))
              .as("%s keeps %s quiet", loud, quiet)
              .isLessThanOrEqualTo(first(quiet, target));
        }
      }
    }
  }

  /**
   * How long the condition of an alert holds before it fires; of several severities the shortest.
   */
  private static Duration first(String name, List<?> matchers) {
    Optional<String> severity = matched("severity", matchers);
    return RuleFile.alerts().stream()
        .filter(alert -> alert.name().equals(name) && !alert.severity().equals("info"))
        .filter(alert -> severity.isEmpty() || alert.severity().equals(severity.get()))
        .map(Alert::holds)
        .min(Duration::compareTo)
        .orElseThrow();
  }

  private static ImmutableList<String> names(List<?> matchers) {
    return matched("alertname", matchers)
        .map(names -> ImmutableList.copyOf(Splitter.on('|').split(names)))
        .orElse(ImmutableList.of());
  }

  private static Optional<String> matched(String label, List<?> matchers) {
    return matchers.stream()
        .map(Object::toString)
        .filter(text -> text.startsWith(label + "="))
        .map(text -> text.replaceFirst(label + "=~?", "").replace("\"", ""))
        .findFirst();
  }

  @Test
  void nodesGossipThroughTheTunnelAndListenNowhereElse() {
    String unit = Rendered.file(bundle(), UNITS + MonitoringUnits.ALERTMANAGER);
    assertThat(unit)
        .contains("--cluster.peer=10.77.0.2:7494")
        .contains("--cluster.listen-address=10.77.0.1:7494")
        .contains("--web.listen-address=10.77.0.1:7493")
        .contains("LoadCredential=alerts-telegram-token:/etc/understudy/credentials/")
        .contains("LoadCredential=alerts-smtp-password:/etc/understudy/credentials/");
    assertThat(Rendered.file(bundle(), UNITS + MonitoringUnits.PROMETHEUS))
        .contains("--web.listen-address=10.77.0.1:7490");
  }

  private static List<?> matchers(Map<String, Object> rule, String key) {
    return (List<?>) requireNonNull(rule.get(key));
  }
}

package io.understudy.bundle.render;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.Timings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units, as systemd's own tools see them. */
class SystemdUnitsTest {
  private static final String UNITS = "/etc/systemd/system/";
  private static final Pattern PROGRAM = Pattern.compile("(?m)^Exec\\w+=(/\\S+)");

  @TempDir private Path root;

  @BeforeEach
  void toolsAreThere() {
    Tool.assumeInstalled("systemd-analyze", "systemd");
  }

  private static Bundle everything(Host host) {
    return Rendered.bundle(Clusters.ALERTING, Materials.STEADY, host);
  }

  private static ImmutableList<RenderedFile> units(Host host) {
    return everything(host).files().stream()
        .filter(file -> file.target().startsWith(UNITS) && !file.target().endsWith(".conf"))
        .collect(toImmutableList());
  }

  private static String node(Timings timings) {
    return Rendered.file(
        Rendered.bundle(Clusters.with(timings), Materials.STEADY, Clusters.ALPHA),
        UNITS + "understudyd.service");
  }

  /** A root with the host's files, systemd's own units, and programs that exist. */
  private void prepareRoot(Host host) throws IOException {
    Rendered.install(everything(host), root);
    Path own = Path.of("/usr/lib/systemd/system");
    Path copy = Files.createDirectories(root.resolve("usr/lib/systemd/system"));
    try (var files = Files.list(own)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    for (RenderedFile unit : units(host)) {
      for (MatchResult program : PROGRAM.matcher(unit.content()).results().toList()) {
        Path stub = root.resolve(program.group(1).substring(1));
        Files.createDirectories(stub.getParent());
        Files.writeString(stub, "#!/bin/sh\n");
        Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  @Test
  void systemdFindsNothingToSayAboutAnyUnit() throws IOException {
    prepareRoot(Clusters.ALPHA);
    for (RenderedFile unit : units(Clusters.ALPHA)) {
      Tool.Ended ended =
          Tool.run("systemd-analyze", "verify", "--man=no", "--root=" + root, unit.target());
      assertThat(ended.output()).as(unit.target()).isEmpty();
      assertThat(ended.status()).as(unit.target()).isZero();
    }
  }

  @Test
  void nobodyStopsTheFirewallAndDebiansOwnServiceDoesNotLeaveTheHostOpen() {
    Bundle bundle = Rendered.bundle(Clusters.DESK);
    assertThat(Rendered.file(bundle, UNITS + FirewallUnit.NAME)).contains("RefuseManualStop=yes\n");
    assertThat(Rendered.file(bundle, UNITS + FirewallUnit.NFTABLES))
        .contains("ExecStartPost=-/usr/bin/systemctl --no-block reload understudy-firewall.service")
        .contains("ExecStopPost=-/usr/bin/systemctl --no-block reload understudy-firewall.service");
  }

  @Test
  void everyServiceIsExposedByTwoPointsAtMost() {
    for (RenderedFile unit : units(Clusters.ALPHA)) {
      if (!unit.target().endsWith(".service")) {
        continue;
      }
      Rendered.install(everything(Clusters.ALPHA), root);
      Tool.Ended ended =
          Tool.run(
              "systemd-analyze",
              "security",
              "--no-pager",
              "--offline=true",
              "--threshold=20",
              root + unit.target());
      assertThat(ended.status()).as("%s", ended.output()).isZero();
    }
  }

  @Test
  void drillsAreDueOnASaturdayOnceAQuarter() {
    Tool.Ended ended =
        Tool.run(
            "env", "TZ=UTC", "systemd-analyze", "calendar", "--iterations=8", DrillUnits.CALENDAR);
    assertThat(ended.status()).isZero();
    ImmutableList<String> months =
        Pattern.compile("Sat \\d{4}-(\\d\\d)-(?:0[89]|1[0-4]) 15:00:00 UTC")
            .matcher(ended.output())
            .results()
            .map(match -> match.group(1))
            .collect(toImmutableList());
    assertThat(months).hasSize(8);
    for (int i = 1; i < months.size(); i++) {
      int step = Integer.parseInt(months.get(i)) - Integer.parseInt(months.get(i - 1));
      assertThat(Math.floorMod(step, 12)).isEqualTo(3);
    }
  }

  @Test
  void theWatchdogBitesWithinHalfOfTheSessionTimeout() {
    assertThat(node(Timings.DEFAULT)).contains("WatchdogSec=3s\n");
    assertThat(node(new Timings(Duration.ofSeconds(15), Duration.ofMillis(500))))
        .contains("WatchdogSec=7500ms\n");
  }

  @Test
  void theDaemonIsHandedEachCredentialOfEachGateway() {
    assertThat(node(Timings.DEFAULT))
        .contains(
            "LoadCredential=live-username:/etc/understudy/credentials/live-username\n",
            "LoadCredential=live-password:/etc/understudy/credentials/live-password\n",
            "LoadCredential=live-totp:/etc/understudy/credentials/live-totp\n",
            "LoadCredential=paper-positions-user:",
            "LoadCredential=paper-positions-password:")
        .doesNotContain("paper-totp");
  }

  @Test
  void aDeadDaemonsGatewayDiesWithItAndTheUndertakerFollows() {
    assertThat(node(Timings.DEFAULT))
        .contains("Type=notify\n", "KillMode=control-group\n", "WatchdogSignal=SIGKILL\n")
        .contains("ExecStopPost=/opt/understudy/node/bin/undertaker --state /var/lib/understudy\n")
        .contains("Restart=always\n", "LimitCORE=0\n");
  }

  @Test
  void theDaemonAndItsUndertakerSeeTheProcessesOfThoseBefore() {
    assertThat(node(Timings.DEFAULT))
        .contains("ProtectProc=default\n", "ProcSubset=all\n")
        .doesNotContain("ProtectProc=invisible");
  }
}

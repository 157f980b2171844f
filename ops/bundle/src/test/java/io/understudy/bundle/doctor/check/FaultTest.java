package io.understudy.bundle.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.Hosts;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine.ClockOffset;
import io.understudy.bundle.doctor.machine.Machine.FileFacts;
import io.understudy.bundle.doctor.machine.Machine.ServerReport;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each fault on an otherwise healthy node is found, and nothing else. */
final class FaultTest {
  private static final HostManifest ALPHA = Hosts.alpha();
  private static final String UFW_DENIES =
      "Status: active\nDefault: deny (incoming), allow (outgoing), disabled (routed)\n\n";
  private static final CertificateFiles NODE = ALPHA.certificates().getLast();

  /** One thing that is wrong, and what exactly is found then. */
  private record Fault(String name, Staging staging, ImmutableList<Symptom> symptoms) {
    Fault(String name, Staging staging, Symptom... symptoms) {
      this(name, staging, ImmutableList.copyOf(symptoms));
    }

    interface Staging {
      void on(StagedMachine machine) throws Exception;
    }
  }

  @TestFactory
  List<DynamicTest> eachFaultIsFoundAndNothingElse() {
    return Stream.of(
            tunnel(),
            clock(),
            coordination(),
            certificates(),
            files(),
            programs(),
            units(),
            ports(),
            tools())
        .flatMap(List::stream)
        .map(fault ->
            DynamicTest.dynamicTest(
                fault.name(),
                () -> {
                  StagedMachine machine = Healthy.machine(ALPHA);
                  fault.staging().on(machine);

                  ImmutableList<Finding> found =
                      DoctorTest.wrong(DoctorTest.examine(ALPHA, machine));

                  assertThat(found)
                      .extracting(Finding::symptom)
                      .containsExactlyElementsOf(fault.symptoms());
                  // What would stop the daemon and ZooKeeper is no remedy.
                  assertThat(found)
                      .extracting(Finding::remedy)
                      .noneMatch(remedy -> remedy.contains("restart understudy-firewall"));
                  assertThat(found)
                      .allSatisfy(finding -> {
                        assertThat(finding.sentence()).isNotBlank().doesNotContain("secret\t");
                        assertThat(finding.remedy()).isNotBlank();
                      });
                }))
        .toList();
  }

  private static ImmutableList<Fault> tunnel() {
    return ImmutableList.of(
        new Fault(
            "interface is down",
            machine -> machine.output(TunnelCheck.COMMAND, ""),
            Symptom.TUNNEL_DOWN),
        new Fault(
            "interface is there and shown to others only",
            machine -> {
              machine.output(TunnelCheck.COMMAND, "");
              machine.file("/sys/class/net/wg0", 0777, "root:root");
            },
            Symptom.NOT_PERMITTED),
        new Fault(
            "no route leads through the interface",
            machine -> machine.output(RouteCheck.COMMAND, "default via 198.51.100.254 dev eth0\n"),
            Symptom.ROUTE_ASTRAY),
        new Fault(
            "interface has another key",
            machine -> machine.edit(TunnelCheck.COMMAND, "old-key-of-alpha=", "other-key="),
            Symptom.TUNNEL_KEY_OTHER),
        new Fault(
            "interface listens on another port",
            machine -> machine.edit(TunnelCheck.COMMAND, "\t51820\toff", "\t40000\toff"),
            Symptom.TUNNEL_PORT_OTHER),
        new Fault(
            "a peer has another key",
            machine -> machine.edit(TunnelCheck.COMMAND, "old-key-of-beta=", "other-key="),
            Symptom.TUNNEL_PEER_UNKNOWN,
            Symptom.TUNNEL_PEER_MISSING),
        new Fault(
            "last handshake is 181 s old",
            machine ->
                machine.edit(
                    TunnelCheck.COMMAND,
                    "10.77.0.2/32\t" + Healthy.HANDSHAKE,
                    "10.77.0.2/32\t" + (Healthy.NOW.getEpochSecond() - 181)),
            Symptom.TUNNEL_SILENT),
        new Fault(
            "there was no handshake",
            machine ->
                machine.edit(
                    TunnelCheck.COMMAND, "10.77.0.3/32\t" + Healthy.HANDSHAKE, "10.77.0.3/32\t0"),
            Symptom.TUNNEL_SILENT),
        new Fault(
            "a peer that only calls was last heard a week ago",
            machine ->
                machine.edit(
                    TunnelCheck.COMMAND,
                    "10.77.0.10/32\t0",
                    "10.77.0.10/32\t" + (Healthy.NOW.getEpochSecond() - 604_800))),
        new Fault(
            "a route leads elsewhere",
            machine ->
                machine.edit(
                    RouteCheck.COMMAND,
                    "10.77.0.2 dev wg0 scope link src 10.77.0.1 metric 100",
                    "10.77.0.2 dev eth0 scope link metric 50"),
            Symptom.ROUTE_ASTRAY),
        new Fault(
            "a route is missing",
            machine ->
                machine.edit(
                    RouteCheck.COMMAND,
                    "10.77.0.3 dev wg0 scope link src 10.77.0.1 metric 100",
                    ""),
            Symptom.ROUTE_ASTRAY),
        new Fault(
            "reverse path filter is strict",
            machine -> {
              machine.text("/proc/sys/net/ipv4/conf/all/rp_filter", "1\n");
              machine.text("/proc/sys/net/ipv4/conf/wg0/rp_filter", "0\n");
            },
            Symptom.REVERSE_PATH_STRICT));
  }

  private static ImmutableList<Fault> clock() {
    return ImmutableList.of(
        new Fault(
            "clock follows no time server",
            machine -> machine.output(ClockCheck.COMMAND, "no\n"),
            Symptom.CLOCK_NOT_SYNCHRONISED),
        new Fault(
            "clock is the container's",
            machine -> {
              machine.output(ClockCheck.COMMAND, "no\n");
              machine.output(ClockCheck.CONTAINER, "");
            }),
        new Fault(
            "timesyncd tells without a bus",
            machine -> {
              machine.output(ClockCheck.COMMAND, Answer.Cause.FAILED, "Failed to connect to bus");
              machine.file(ClockCheck.SYNCHRONISED, 0644, "root:root");
            }),
        new Fault(
            "clock is 2.5 s off",
            machine -> machine.clocks.put("10.77.0.2", offset(2500, 3510)),
            Symptom.CLOCK_APART),
        new Fault(
            "clock is 11 s off to the other side",
            machine -> machine.clocks.put("10.77.0.2", offset(-12_010, -11_000)),
            Symptom.CLOCK_FAR_APART),
        new Fault(
            "clock may or may not be 3 s off",
            machine -> machine.clocks.put("10.77.0.2", offset(-1000, 3000))),
        new Fault(
            "the other daemon is down",
            machine -> {
              machine.clocks.clear();
              machine.doors.clear();
            },
            Symptom.NODE_UNREACHABLE,
            Symptom.CLOCK_NOT_COMPARED));
  }

  private static ImmutableList<Fault> coordination() {
    return ImmutableList.of(
        new Fault(
            "another ZooKeeper server is down",
            machine -> machine.servers.remove("beta"),
            Symptom.COORDINATION_UNREACHABLE,
            Symptom.COORDINATION_NO_SPARE),
        new Fault(
            "the own ZooKeeper server is down",
            machine -> machine.servers.remove("alpha"),
            Symptom.COORDINATION_OWN_DOWN,
            Symptom.COORDINATION_NO_SPARE),
        new Fault(
            "there is no quorum",
            machine -> {
              machine.servers.put("alpha", Answer.known(new ServerReport("", 0)));
              machine.servers.remove("beta");
              machine.servers.remove("gamma");
            },
            Symptom.COORDINATION_WITHOUT_QUORUM,
            Symptom.COORDINATION_UNREACHABLE,
            Symptom.COORDINATION_UNREACHABLE,
            Symptom.COORDINATION_WITHOUT_QUORUM),
        new Fault(
            "two servers lead",
            machine ->
                machine.servers.put("beta", Answer.known(new ServerReport("standalone", 6000))),
            Symptom.COORDINATION_LEADERS),
        new Fault(
            "a server grants another timeout",
            machine ->
                machine.servers.put("beta", Answer.known(new ServerReport("follower", 10_000))),
            Symptom.SESSION_TIMEOUT_OTHER),
        new Fault(
            "a tick is too long",
            machine -> machine.text(CoordinationCheck.SERVER_FILE, "tickTime=2000\n"),
            Symptom.TICK_OTHER));
  }

  private static ImmutableList<Fault> certificates() {
    return ImmutableList.of(
        new Fault(
            "a certificate has expired",
            machine -> Healthy.certificate(machine, NODE, "10.77.0.1", Healthy.NOW.minusSeconds(1)),
            Symptom.CERTIFICATE_EXPIRED),
        new Fault(
            "a certificate ends in 29 days",
            machine ->
                Healthy.certificate(
                    machine, NODE, "10.77.0.1", Healthy.NOW.plus(Duration.ofDays(29))),
            Symptom.CERTIFICATE_ENDING),
        new Fault(
            "a certificate names another address",
            machine ->
                Healthy.certificate(
                    machine, NODE, "10.77.0.2", Healthy.NOW.plus(Duration.ofDays(90))),
            Symptom.CERTIFICATE_ADDRESS_MISSING),
        new Fault(
            "a certificate is another authority's, with another key",
            machine ->
                machine.text(
                    NODE.certificate(),
                    machine.texts.get(ALPHA.certificates().getFirst().certificate())
                            instanceof Answer.Known<String>(String other)
                        ? other
                        : ""),
            Symptom.CERTIFICATE_KEY_OTHER,
            Symptom.CERTIFICATE_UNTRUSTED),
        new Fault(
            "a certificate file is damaged",
            machine -> machine.text(NODE.certificate(), "-----BEGIN CERTIFICATE-----\nAAAA\n"),
            Symptom.CERTIFICATE_UNREADABLE),
        new Fault(
            "a key file is empty",
            machine -> machine.text(NODE.key(), ""),
            Symptom.CERTIFICATE_UNREADABLE));
  }

  private static ImmutableList<Fault> files() {
    return ImmutableList.of(
        new Fault(
            "a file is missing",
            machine -> machine.files.remove("/etc/wireguard/wg0.conf"),
            Symptom.FILE_MISSING),
        new Fault(
            "a secret file is open to the group",
            machine -> machine.file("/etc/wireguard/wg0.conf", 0640, "root:root"),
            Symptom.FILE_OPEN),
        new Fault(
            "a file may be written by its group",
            machine -> machine.file("/etc/understudy/host.json", 0664, "root:root"),
            Symptom.FILE_MODE_OTHER),
        new Fault(
            "a key belongs to root",
            machine -> machine.file("/etc/understudy/tls/node.key", 0600, "root:root"),
            Symptom.FILE_OWNER_OTHER),
        new Fault(
            "a forgotten copy of a key is open",
            machine -> {
              machine.file("/etc/understudy/tls/node.key.bak", 0644, "root:root");
              machine.text("/etc/understudy/tls/node.key.bak", "-----BEGIN PRIVATE KEY-----\n");
            },
            Symptom.SECRET_OPEN),
        new Fault(
            "a credential is missing",
            machine -> machine.files.remove(CredentialCheck.DIRECTORY + "live-totp"),
            Symptom.CREDENTIAL_MISSING),
        new Fault(
            "a credential is sealed",
            machine -> {
              machine.files.remove(CredentialCheck.DIRECTORY + "live-totp");
              machine.file(CredentialCheck.DIRECTORY + "live-totp.cred", 0600, "root:root");
            }),
        new Fault(
            "a credential is open",
            machine -> machine.file(CredentialCheck.DIRECTORY + "live-totp", 0644, "root:root"),
            Symptom.CREDENTIAL_OPEN),
        new Fault(
            "a credential is empty",
            machine ->
                machine.files.put(
                    CredentialCheck.DIRECTORY + "live-totp",
                    Answer.known(new FileFacts(false, 0600, "root:root", 0))),
            Symptom.CREDENTIAL_EMPTY));
  }

  private static ImmutableList<Fault> programs() {
    return ImmutableList.of(
        new Fault(
            "the gateway program is not unpacked",
            machine -> machine.files.remove("/opt/clientportal.gw/build/lib/runtime"),
            Symptom.GATEWAY_PROGRAM_MISSING),
        new Fault(
            "the browser may not be run",
            machine -> machine.file("/usr/bin/chromium", 0700, "root:root"),
            Symptom.BROWSER_MISSING),
        new Fault(
            "memory is short",
            machine -> machine.text("/proc/meminfo", "MemAvailable:     300000 kB\n"),
            Symptom.MEMORY_SHORT));
  }

  private static ImmutableList<Fault> units() {
    return ImmutableList.of(
        new Fault(
            "a unit is unknown",
            machine ->
                unit(
                    machine,
                    "Id=understudyd.service\nLoadState=loaded",
                    "Id=understudyd.service\nLoadState=not-found"),
            Symptom.UNIT_MISSING),
        new Fault(
            "a unit has failed",
            machine ->
                unit(
                    machine,
                    "Id=understudyd.service\nLoadState=loaded\nActiveState=active",
                    "Id=understudyd.service\nLoadState=loaded\nActiveState=failed"),
            Symptom.UNIT_NOT_ACTIVE),
        new Fault(
            "the timer is not enabled",
            machine ->
                unit(
                    machine,
                    "Id=understudy-drill.timer\nLoadState=loaded\nActiveState=active\nSubState=running\n"
                        + "UnitFileState=enabled",
                    "Id=understudy-drill.timer\nLoadState=loaded\nActiveState=active\nSubState=running\n"
                        + "UnitFileState=disabled"),
            Symptom.UNIT_NOT_ENABLED),
        new Fault(
            "the daemon may leave a core and its file has changed",
            machine ->
                unit(
                    machine,
                    "Id=understudyd.service\nLoadState=loaded\nActiveState=active\nSubState=running\n"
                        + "UnitFileState=enabled\nNeedDaemonReload=no\nLimitCORE=0",
                    "Id=understudyd.service\nLoadState=loaded\nActiveState=active\nSubState=running\n"
                        + "UnitFileState=enabled\nNeedDaemonReload=yes\nLimitCORE=infinity"),
            Symptom.UNIT_STALE,
            Symptom.CORE_DUMPS_ON),
        new Fault(
            "systemd is too old",
            machine -> machine.output(UnitCheck.VERSION, "systemd 247 (247.3-7)\n"),
            Symptom.SYSTEMD_OLD));
  }

  private static ImmutableList<Fault> ports() {
    return ImmutableList.of(
        new Fault(
            "the API is not bound",
            machine -> machine.edit(PortCheck.COMMAND, "10.77.0.1]:7443", "10.77.0.1]:7444"),
            Symptom.PORT_SILENT),
        new Fault(
            "ZooKeeper is bound to all addresses",
            machine -> machine.edit(PortCheck.COMMAND, "[::ffff:10.77.0.1]:2281", "*:2281"),
            Symptom.PORT_OPEN_TO_ALL),
        new Fault(
            "the API is bound to the public address",
            machine ->
                machine.edit(PortCheck.COMMAND, "[::ffff:10.77.0.1]:7443", "198.51.100.1:7443"),
            Symptom.PORT_SILENT,
            Symptom.PORT_ELSEWHERE),
        new Fault(
            "something else is public",
            machine ->
                machine.edit(
                    PortCheck.COMMAND,
                    "udp UNCONN 0 0 127.0.0.1:323",
                    "tcp LISTEN 0 9 [::]:80 [::]:* users:((\"nginx\",pid=1,fd=1))\n"
                        + "udp UNCONN 0 0 127.0.0.1:323"),
            Symptom.PORT_UNEXPECTED),
        new Fault(
            "relay and gateway program are closed, as on a standby",
            machine -> {
              machine.edit(PortCheck.COMMAND, ":4001 ", ":0 ");
              machine.edit(PortCheck.COMMAND, "0.0.0.0:5000 ", "127.0.0.1:0 ");
            }),
        new Fault(
            "the firewall is not loaded",
            machine ->
                machine.output(
                    FirewallCheck.COMMAND, Answer.Cause.FAILED, "Error: No such file or directory"),
            Symptom.FIREWALL_MISSING),
        new Fault(
            "the firewall lets in by default",
            machine -> machine.edit(FirewallCheck.COMMAND, "policy drop", "policy accept"),
            Symptom.FIREWALL_OPEN),
        new Fault(
            "ufw stands in for nftables",
            machine -> {
              machine.output(
                  FirewallCheck.COMMAND, Answer.Cause.FAILED, "Error: No such file or directory");
              machine.output(
                  FirewallCheck.UFW,
                  UFW_DENIES
                      + "51820/udp                  ALLOW IN    Anywhere                   # understudy\n"
                      + "51821/udp                  ALLOW IN    Anywhere                   # understudy\n");
            }),
        new Fault(
            "ufw lacks a door of WireGuard",
            machine -> {
              machine.output(
                  FirewallCheck.COMMAND, Answer.Cause.FAILED, "Error: No such file or directory");
              machine.output(
                  FirewallCheck.UFW,
                  UFW_DENIES
                      + "22/tcp                     ALLOW IN    Anywhere                   # understudy\n");
            },
            Symptom.FIREWALL_MISSING));
  }

  private static ImmutableList<Fault> tools() {
    return ImmutableList.of(
        new Fault(
            "ss is not installed",
            machine ->
                machine.output(
                    PortCheck.COMMAND, Answer.Cause.ABSENT, "the program ss is not installed"),
            Symptom.TOOL_MISSING),
        new Fault(
            "systemctl hangs",
            machine ->
                machine.output(
                    UnitCheck.command(ALPHA), Answer.Cause.TIMED_OUT, "it did not end within 5 s"),
            Symptom.TOOL_HANGS),
        new Fault(
            "timedatectl fails",
            machine ->
                machine.output(ClockCheck.COMMAND, Answer.Cause.FAILED, "Failed to connect to bus"),
            Symptom.TOOL_FAILED));
  }

  private static void unit(StagedMachine machine, String from, String to) {
    machine.edit(UnitCheck.command(ALPHA), from, to);
  }

  private static Answer<ClockOffset> offset(long leastMillis, long mostMillis) {
    return Answer.known(
        new ClockOffset(Duration.ofMillis(leastMillis), Duration.ofMillis(mostMillis)));
  }
}

package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Root's part of what the daemon wants of the tunnels, as its socket's unit runs it. */
class TunnelAgentTest {
  @TempDir private Path directory;
  private Path agent;

  @BeforeEach
  void agentIsThere() throws IOException {
    agent = directory.resolve("tunnel-agent.sh");
    Files.writeString(agent, Resource.text("tunnel-agent.sh"));
    Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwx------"));
  }

  private String answer(String line) {
    return Tool.run("sh", "-c", "printf '%s' \"$1\" | \"$0\" 2>/dev/null", agent.toString(), line)
        .output();
  }

  @Test
  void whatItDoesNotKnowIsRefusedInOneSentence() {
    assertThat(answer("dump\n"))
        .isEqualTo(
            "error: what is 'dump'? (expected: allowed-ips, latest-handshakes or cut SECONDS)\n");
    assertThat(answer("cut 0\n")).startsWith("error: cut '0' (expected: 1 to 300 seconds)");
    assertThat(answer("cut 301\n")).startsWith("error: cut '301'");
    assertThat(answer("cut 5; reboot\n")).startsWith("error: cut '5; reboot'");
    assertThat(answer("")).startsWith("error: no whole line");
  }

  @Test
  void aCutDropsWhatPassesTheTunnelsAndTheKernelEndsIt() {
    Tool.assumeInstalled("nft", "nftables");
    Tool.assumeNamespaces();
    Tool.Ended ended =
        Tool.runIsolated(
            """
            echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
            ip link add wg0 type veth peer name far && ip link set far up && ip link set wg0 up
            ip addr add 10.77.0.1/24 dev wg0
            ip neigh add 10.77.0.2 lladdr 02:00:00:00:00:02 dev wg0
            shout() {
              (echo x >/dev/udp/10.77.0.2/9) 2>/dev/null || true
              awk '/wg0:/ { print $11 }' /proc/self/net/dev
            }
            before=$(shout)
            echo 'cut 300' | %1$s 2>/dev/null
            during=$(shout)
            echo 'cut 1' | %1$s 2>/dev/null
            [ "$during" = "$before" ] && echo nothing passed
            while [[ $(nft list set inet understudy_drill cut) == *expires* ]]; do sleep 0.1; done
            [ "$(shout)" -gt "$during" ] && echo passes again
            """
                .formatted(agent));
    assertThat(ended.output())
        .isEqualTo("cut for 300 s\ncut for 1 s\nnothing passed\npasses again\n");
  }
}

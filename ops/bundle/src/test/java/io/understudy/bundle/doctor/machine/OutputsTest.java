package io.understudy.bundle.doctor.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.machine.Machine.ClockOffset;
import io.understudy.bundle.doctor.machine.TunnelFacts.PeerFacts;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the system's programs really print, read. */
final class OutputsTest {
  @Test
  void theDumpOfWireGuardIsReadWithoutItsKeys() {
    String dump =
        """
        wg0\t+F6+FVQQV+fqHg2bKDWt9T4EoiKWALD2ZVZ++Gj81no=\tIX6TF4VTNMU+k8gNXYLM1aJDKhEOJYs3NWLVHNTVO6SE=\t51820\toff
        wg0\tg5GKw41jnIFvFYTxDMXcVMhhI3DBlTikz+B0jWFap3I=\t(none)\t(none)\t10.77.0.10/32\t0\t0\t0\toff
        wg0\tdL3DjI8PwFO7cnrS4eJfLezM7NTLDJ1JnNuCRIv5EWM=\toA2keR0tj4i+NMEVsXk3819TPZJhUxoamaDZfpEVucU=\t198.51.100.2:51820\t10.77.0.2/32\t1785412211\t92\t148\t25
        """;

    ImmutableList<TunnelFacts> found = TunnelFacts.parse(dump);

    assertThat(found)
        .containsExactly(
            new TunnelFacts(
                "wg0",
                "IX6TF4VTNMU+k8gNXYLM1aJDKhEOJYs3NWLVHNTVO6SE=",
                51820,
                ImmutableList.of(
                    new PeerFacts("g5GKw41jnIFvFYTxDMXcVMhhI3DBlTikz+B0jWFap3I=", "", 0),
                    new PeerFacts(
                        "dL3DjI8PwFO7cnrS4eJfLezM7NTLDJ1JnNuCRIv5EWM=",
                        "198.51.100.2:51820",
                        1_785_412_211))));
    assertThat(found.toString()).doesNotContain("+F6+").doesNotContain("oA2ke");
  }

  @Test
  void socketsAreReadInEveryFormOfAnAddress() {
    String output =
        """
        udp UNCONN 0      832    0.0.0.0:51820 0.0.0.0:* users:(("wireguard-go",pid=14293,fd=18))
        udp UNCONN 0      0         [::]:51820    [::]:* users:(("wireguard-go",pid=14293,fd=17))
        udp   UNCONN 0      0            127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=411,fd=13))
        tcp   LISTEN 0      4096    [::ffff:10.77.0.1]:7443             *:*    users:(("java",pid=812,fd=55))
        tcp   LISTEN 0      128                      *:5000             *:*
        tcp LISTEN 0      128    0.0.0.0:2024 0.0.0.0:*
        """;

    assertThat(ListeningSocket.parse(output))
        .containsExactly(
            new ListeningSocket("udp", "*", 51820, "wireguard-go"),
            new ListeningSocket("udp", "*", 51820, "wireguard-go"),
            new ListeningSocket("udp", "127.0.0.53", 53, "systemd-resolve"),
            new ListeningSocket("tcp", "10.77.0.1", 7443, "java"),
            new ListeningSocket("tcp", "*", 5000, ""),
            new ListeningSocket("tcp", "*", 2024, ""));
    assertThat(ListeningSocket.parse(output).get(2).loopback()).isTrue();
    assertThat(ListeningSocket.parse("")).isEmpty();
  }

  @Test
  void unitsAreReadByTheirIds() {
    String output =
        """
        LimitCORE=0
        Id=understudyd.service
        LoadState=loaded
        ActiveState=active
        UnitFileState=enabled

        LimitCORE=infinity
        Id=wg-quick@wg0.service
        LoadState=not-found
        ActiveState=inactive
        UnitFileState=
        """;

    assertThat(UnitFacts.parse(output))
        .containsOnlyKeys("understudyd.service", "wg-quick@wg0.service");
    assertThat(UnitFacts.parse(output).values().asList().getLast().property("UnitFileState"))
        .isEmpty();
  }

  @Test
  void aDateBoundsTheOffsetOnBothSides() {
    Instant asked = Instant.parse("2026-03-01T12:00:00.400Z");

    ClockOffset offset =
        DateCall.between(asked, asked.plusMillis(100), "Sun, 01 Mar 2026 12:00:05 GMT");

    assertThat(offset)
        .isEqualTo(new ClockOffset(Duration.ofMillis(4_500), Duration.ofMillis(5_600)));
    assertThat(offset.certain()).isEqualTo(Duration.ofMillis(4_500));
    assertThat(
            DateCall.between(asked, asked.plusMillis(100), "Sun, 01 Mar 2026 12:00:00 GMT")
                .certain())
        .isZero();
  }
}

package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TradingLogTest {
  @TempDir private Path directory;

  @Test
  void tellsPausesAndConnections() throws IOException {
    TradingLog log = log("1000000000 1\n1005000000 1\n1905000000 2\n");

    assertThat(log.longestPause()).isEqualTo(Duration.ofMillis(900));
    assertThat(log.connections()).isEqualTo(2);
    assertThat(log.first()).contains(new TradingLog.Answer(1_000_000_000, 1));
    assertThat(log.last()).contains(new TradingLog.Answer(1_905_000_000, 2));
  }

  @Test
  void knowsWhatCameLater() throws IOException {
    TradingLog log = log("10 1\n20 1\n30 1\n");

    assertThat(log.after(10).answers()).hasSize(2);
    assertThat(log.after(30).first()).isEmpty();
  }

  @Test
  void leavesOutALineThatIsHalfWritten() throws IOException {
    assertThat(log("10 1\n20").answers()).hasSize(1);
    assertThat(log("").answers()).isEmpty();
  }

  private TradingLog log(String text) throws IOException {
    return TradingLog.read(Files.writeString(directory.resolve("trading.log"), text));
  }
}

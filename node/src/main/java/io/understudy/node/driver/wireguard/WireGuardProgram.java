package io.understudy.node.driver.wireguard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Runs {@code wg} itself, which the kernel allows to whoever has {@code CAP_NET_ADMIN}. */
record WireGuardProgram(String program) implements WireGuardTables {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int OUTPUT_MAX = 1 << 20;

  @Override
  public String shown(String table) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(program, "show", "all", table)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(program + " did not end in time");
      }
      if (process.exitValue() != 0) {
        throw new IOException(program + " show is refused: it needs CAP_NET_ADMIN");
      }
      try (InputStream out = process.getInputStream()) {
        return new String(out.readNBytes(OUTPUT_MAX), StandardCharsets.UTF_8);
      }
    } finally {
      process.destroyForcibly();
    }
  }
}

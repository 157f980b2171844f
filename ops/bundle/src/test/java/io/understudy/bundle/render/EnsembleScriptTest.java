package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When {@code install.sh} restarts a ZooKeeper server, with a doctor that a function plays. */
class EnsembleScriptTest {
  private static final Path SCRIPTS = Path.of("src/main/resources/io/understudy/bundle");
  private static final String SERVERS =
      """
      minSessionTimeout=6000
      server.1=10.77.0.1:2888:3888
      server.2=10.77.0.2:2888:3888
      server.3=10.77.0.3:2888:3888
      """;

  @TempDir private Path folder;

  @BeforeEach
  void laidOut() throws IOException {
    Tool.assumeInstalled("bash", "bash");
    for (String name : new String[] {"host.sh", "ensemble.sh"}) {
      Files.copy(SCRIPTS.resolve(name), folder.resolve(name));
    }
    Files.writeString(folder.resolve("zoo.cfg"), SERVERS);
  }

  private static String finding(String host, String sentence) {
    return """
    {
      "level": "ok",
      "finding": "Healthy",
      "subject": "ZooKeeper on %s",
      "sentence": "%s",
      "remedy": ""
    }\
    """
        .formatted(host, sentence);
  }

  private void doctorFinds(String... findings) throws IOException {
    Files.writeString(
        folder.resolve("findings"),
        "{\n  \"healthy\": false,\n  \"findings\": [%s]\n}\n"
            .formatted(String.join(", ", findings)));
  }

  private Tool.Ended bash(String options, String command) {
    return Tool.run(
        "bash",
        "-c",
        """
        set -Eeuo pipefail
        FORCE=false RESTART_ZOOKEEPER=false
        . %1$s/host.sh
        . %1$s/ensemble.sh
        ZOO_CFG=%1$s/zoo.cfg
        understudy() { cat %1$s/findings; return 3; }
        %2$s
        %3$s
        """
            .formatted(folder, options, command));
  }

  private String mayRestart(String options) {
    return bash(options, "if may_restart_zookeeper; then echo yes; else echo no; fi").output();
  }

  @Test
  void aServerIsRestartedWhileAllServe() throws IOException {
    doctorFinds(
        finding("alpha", "It answers as follower."),
        finding("alpha", "It grants the session timeout of 6000 ms."),
        finding("beta", "It answers as follower."),
        finding("gamma", "It answers as leader."));
    assertThat(bash("", "serving").output()).isEqualTo("alpha\nbeta\ngamma\n");
    assertThat(mayRestart("")).isEqualTo("yes\n");
  }

  @Test
  void whileAnotherIsDownOnlyWhenAPersonSaysSo() throws IOException {
    doctorFinds(
        finding("alpha", "It answers as follower."),
        finding("beta", "The server at 10.77.0.2:2281 does not answer: refused."),
        finding("gamma", "It answers as leader."));
    assertThat(mayRestart("")).isEqualTo("no\n");
    assertThat(mayRestart("RESTART_ZOOKEEPER=true")).isEqualTo("yes\n");
  }

  @Test
  void aDoctorThatSaysNothingIsNoConsent() throws IOException {
    Files.writeString(folder.resolve("findings"), "");
    assertThat(mayRestart("")).isEqualTo("no\n");
  }

  @Test
  void noHostChangesTheSessionTimeoutByItself() throws IOException {
    Path next = folder.resolve("files" + folder + "/zoo.cfg");
    Files.createDirectories(next.getParent());
    Files.writeString(next, SERVERS);
    assertThat(bash("", "check_session_timeout")).isEqualTo(new Tool.Ended(0, ""));

    Files.writeString(next, SERVERS.replace("6000", "8000"));
    Tool.Ended refused = bash("", "check_session_timeout");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output())
        .contains("the session timeout from 6000 to 8000 ms", "systemctl stop understudyd");
    assertThat(bash("FORCE=true", "check_session_timeout").status()).isZero();
  }
}

package io.understudy.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.node.config.LogConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The shipped logback.xml, with what it writes to standard error. */
final class DaemonLogTest {
  private final LoggerContext context = new LoggerContext();
  private final LogbackMDCAdapter threadContext = new LogbackMDCAdapter();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream standardError = System.err;
  private Logger log;

  @BeforeEach
  void configure() throws Exception {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    context.setMDCAdapter(threadContext);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
    log = context.getLogger("io.understudy.node.loop.ControlLoop");
  }

  @AfterEach
  void restore() {
    context.stop();
    System.setErr(standardError);
  }

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private JsonNode object() throws Exception {
    return new ObjectMapper().readTree(written());
  }

  private static LogConfig json(LogConfig.Level level) {
    return new LogConfig(LogConfig.Format.JSON, level);
  }

  @Test
  void linesAreWordsAndKeysUntilSomethingElseIsAskedFor() {
    log.info("Changed phase gateway={} to={} sentence=\"{}\"", "live", "SERVING", "it serves");

    assertThat(written())
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  ControlLoop Changed phase"
                + " gateway=live to=SERVING sentence=\"it serves\"\n");
  }

  @Test
  void aValueIsOneValueWhateverItHolds() {
    log.warn("Could not {} reason={}", "renew", "no route, says=\"x\"\nINFO forged gateway=other");

    assertThat(written())
        .endsWith(
            "WARN  ControlLoop Could not renew"
                + " reason=\"no route, says=\\\"x\\\"\\nINFO forged gateway=other\"\n")
        .containsOnlyOnce("\n");
  }

  @Test
  void asJsonEachLineIsOneObjectWithTheSameNames() throws Exception {
    DaemonLog.use(json(LogConfig.Level.INFO), context);
    threadContext.put("gateway", "live");
    threadContext.put("epoch", "7");

    log.info("Began login gateway={} attempt={} sentence=\"{}\"", "live", 3, "a \"b\" c=d\ne");

    assertThat(written()).endsWith("}\n").containsOnlyOnce("\n");
    assertThat(object().properties().stream().map(entry -> entry.getKey()))
        .containsExactly("time", "level", "logger", "message", "fields", "thread", "error");
    assertThat(Instant.parse(object().path("time").asText())).isNotNull();
    assertThat(object().path("level").asText()).isEqualTo("INFO");
    assertThat(object().path("logger").asText()).isEqualTo("ControlLoop");
    assertThat(object().path("message").asText()).isEqualTo("Began login");
    assertThat(object().path("thread").asText()).isEqualTo(Thread.currentThread().getName());
    assertThat(object().path("error").asText()).isEmpty();
    assertThat(object().path("fields"))
        .isEqualTo(
            new ObjectMapper()
                .createObjectNode()
                .put("gateway", "live")
                .put("attempt", "3")
                .put("sentence", "a \"b\" c=d\ne")
                .put("epoch", "7"));
  }

  @Test
  void aThrowableIsAFieldOfTheSameObject() throws Exception {
    DaemonLog.use(json(LogConfig.Level.INFO), context);

    log.error("Stopped by a bug", new IllegalStateException("no such cell", new Error("cause")));

    assertThat(written()).containsOnlyOnce("\n");
    assertThat(object().path("error").asText())
        .contains("IllegalStateException: no such cell", "Error: cause");
    assertThat(object().path("message").asText()).isEqualTo("Stopped by a bug");
  }

  @Test
  void keysOfTheFluentApiStandBesideThoseOfTheTemplate() throws Exception {
    DaemonLog.use(json(LogConfig.Level.INFO), context);

    log.atInfo().addKeyValue("server", "a:1").log("Asked gateway={} reason=Idle", "live");

    assertThat(object().path("message").asText()).isEqualTo("Asked");
    assertThat(object().path("fields").toString())
        .isEqualTo("{\"gateway\":\"live\",\"reason\":\"Idle\",\"server\":\"a:1\"}");
  }

  @Test
  void aLineAboutAnotherGatewayGetsNothingOfTheThreadsSubject() {
    threadContext.put("gateway", "live");
    threadContext.put("epoch", "7");

    log.info("Found gateway={}", "paper");
    log.info("Lost the answer");

    assertThat(written())
        .contains("Found gateway=paper\n", "Lost the answer gateway=live epoch=7\n");
  }

  @Test
  void aMessageOfALibraryIsLeftWhole() throws Exception {
    DaemonLog.use(json(LogConfig.Level.INFO), context);

    context.getLogger("org.example.Client").warn("url={} {}", "x", "y");

    assertThat(object().path("message").asText()).isEqualTo("url=x y");
    assertThat(object().path("fields")).isEmpty();
  }

  @Test
  void theLevelIsThatOfTheConfiguration() {
    log.debug("Not yet");
    DaemonLog.use(new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.DEBUG), context);
    log.debug("Now");
    DaemonLog.use(new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.WARN), context);
    log.info("No longer");

    assertThat(written()).contains("DEBUG ControlLoop Now").doesNotContain("Not yet", "No longer");
  }
}

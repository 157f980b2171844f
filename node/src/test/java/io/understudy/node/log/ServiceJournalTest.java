package io.understudy.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.config.LogConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServiceJournalTest {
  @TempDir private Path folder;
  private final LoggerContext context = new LoggerContext();
  private Path file;

  @BeforeEach
  void makeFile() throws Exception {
    file = Files.createFile(folder.resolve("stream"));
  }

  private static Map<String, String> stream(String value) {
    return ImmutableMap.of("JOURNAL_STREAM", value);
  }

  /** As {@code stat} prints it: what systemd compares with. */
  private String deviceAndInode() throws Exception {
    Process stat = new ProcessBuilder("stat", "--format=%d:%i", file.toString()).start();
    String told = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(stat.waitFor()).isZero();
    return told;
  }

  @Test
  void theStreamOfTheServiceIsRecognisedByDeviceAndInode() throws Exception {
    assertThat(ServiceJournal.isAt(file, stream(deviceAndInode()))).isTrue();
    assertThat(
            ServiceJournal.isAt(
                Files.createLink(folder.resolve("same"), file), stream(deviceAndInode())))
        .isTrue();
  }

  @Test
  void aStreamThatLeadsElsewhereIsNotTheJournal() throws Exception {
    Path other = Files.createFile(folder.resolve("other"));

    assertThat(ServiceJournal.isAt(other, stream(deviceAndInode()))).isFalse();
    assertThat(ServiceJournal.isAt(file, Map.of())).isFalse();
    assertThat(ServiceJournal.isAt(file, stream("rubbish"))).isFalse();
    assertThat(ServiceJournal.isAt(folder.resolve("none"), stream("8:1"))).isFalse();
  }

  private String encoded(LogConfig.Format format, Level level, @Nullable Throwable error) {
    LineEncoder encoder = new LineEncoder(true);
    encoder.setContext(context);
    encoder.start();
    encoder.use(format);
    LoggingEvent event =
        new LoggingEvent(
            "",
            context.getLogger("io.understudy.node.Main"),
            level,
            "Started node={}",
            error,
            new Object[] {"alpha"});
    event.setMDCPropertyMap(Map.of());
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"ERROR, 3", "WARN, 4", "INFO, 6", "DEBUG, 7", "TRACE, 7"})
  void inTheJournalALineHasItsPriorityAndNoTimeOfItsOwn(String level, int priority) {
    assertThat(encoded(LogConfig.Format.TEXT, Level.toLevel(level), null))
        .isEqualTo("<%d>Main Started node=alpha\n".formatted(priority));
  }

  @Test
  void everyLineOfAThrowableHasThePriority() {
    String text =
        encoded(LogConfig.Format.TEXT, Level.ERROR, new IllegalStateException("two\nlines"));

    assertThat(text.lines()).hasSizeGreaterThan(2).allMatch(line -> line.startsWith("<3>"));
  }

  @Test
  void whatTheJournalKeepsOfAJsonLineIsTheObject() throws Exception {
    String line = encoded(LogConfig.Format.JSON, Level.WARN, null);

    assertThat(line).startsWith("<4>{").containsOnlyOnce("\n");
    assertThat(new ObjectMapper().readTree(line.substring(3)).path("fields").path("node").asText())
        .isEqualTo("alpha");
  }
}

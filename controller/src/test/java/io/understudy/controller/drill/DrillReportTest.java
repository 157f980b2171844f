package io.understudy.controller.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.controller.Golden;
import io.understudy.controller.SampleDrills;
import io.understudy.controller.output.DocumentPrinter;
import io.understudy.v1.Drill;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

final class DrillReportTest {
  private static final String NAME = "drill-live-20261114T150000Z-switchover";

  @TempDir private Path folder;

  @Test
  void aDrillThatPassedIsReportedInThreeForms() throws Exception {
    ReportFiles files = write(SampleDrills.passed().build(), Optional.of(client()));
    assertThat(files.markdown()).hasFileName(NAME + ".md").hasContent(Golden.text(NAME + ".md"));
    assertThat(files.json()).hasFileName(NAME + ".json").hasContent(Golden.text(NAME + ".json"));
    assertThat(files.svg()).hasFileName(NAME + ".svg").hasContent(Golden.text(NAME + ".svg"));
    try (var left = Files.list(folder)) {
      assertThat(left).hasSize(3);
    }
  }

  @Test
  void aDrillThatFailedIsReportedWithWhatThereIs() throws Exception {
    ReportFiles files = write(SampleDrills.failed().build(), Optional.empty());
    assertThat(Files.readString(files.markdown()))
        .startsWith("# Drill of live: crash, FAILED\n")
        .contains("| **nobody served** | **–** | **–** |")
        .contains("None measured: the figures are those of the nodes alone.");
    assertThat(Files.readString(files.json()))
        .contains("\"recovery\": null", "\"client\": null", "\"after\": null");
    assertWellFormed(files.svg());
  }

  @Test
  void whatTheClusterKeepsOfAClientIsReportedWithoutItsTimeline() throws Exception {
    Drill drill = SampleDrills.passed().setMeasurement(SampleDrills.measured()).build();
    ReportFiles files = write(drill, Optional.empty());
    assertThat(Files.readString(files.markdown()))
        .contains("| **nobody served** | **4.25 s** | **4.40 s** |")
        .contains("The cluster keeps the client's figures without its timeline");
    assertThat(Files.readString(files.svg())).doesNotContain("relay of");
  }

  @Test
  void textOfPeopleStaysInItsPlace() throws Exception {
    Drill drill =
        SampleDrills.failed()
            .setReason("<b>bold</b> | [x](y)\n## Verdict")
            .setSentence("a & b < c")
            .setGateway("../live")
            .build();
    ReportFiles files = write(drill, Optional.empty());
    assertThat(files.markdown().getParent()).isEqualTo(folder);
    assertThat(Files.readString(files.markdown()))
        .contains("| reason | \\<b\\>bold\\</b\\> \\| \\[x\\](y) ## Verdict |");
    assertWellFormed(files.svg());
  }

  @Test
  void aReportThatIsWrittenAgainReplacesTheFormerOne() throws Exception {
    Drill drill = SampleDrills.failed().build();
    Path file = write(drill, Optional.empty()).markdown();
    var _ = write(drill.toBuilder().setSentence("another verdict").build(), Optional.empty());
    assertThat(Files.readString(file)).contains("another verdict");
  }

  @Test
  void aReportThatCannotBeWrittenLeavesNothingBehind() throws Exception {
    Drill drill = SampleDrills.failed().build();
    Path taken = folder.resolve("drill-live-20261114T150000Z-crash.md");
    Files.createDirectories(taken.resolve("in-the-way"));
    assertThatThrownBy(() -> write(drill, Optional.empty())).isInstanceOf(IOException.class);
    try (var left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("."));
    }
  }

  private ReportFiles write(Drill drill, Optional<ClientView> client) throws IOException {
    return ReportFiles.write(
        DrillReport.of(drill, client, "0.1.0"), folder, DocumentPrinter::document);
  }

  private static void assertWellFormed(Path svg) throws Exception {
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(Files.readString(svg))));
    assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
  }

  private static ClientView client() {
    return new ClientView(
        "desk",
        Duration.ofMillis(250),
        480,
        220,
        0,
        Optional.of(Duration.ofMillis(4_400)),
        Optional.of(Duration.ofMillis(4_700)),
        Optional.of(
            Passage.of(
                at(10_000),
                at(14_400),
                Map.of(
                    "Claiming", at(10_700),
                    "LoggingIn", at(10_900),
                    "Verifying", at(13_900),
                    "Serving", at(14_300)))),
        Optional.of(Passage.of(at(49_900), at(54_600), Map.of("LoggingIn", at(50_900)))),
        List.of(
            new ClientView.Stretch("a", at(-2_000), at(10_000)),
            new ClientView.Stretch("b", at(14_400), at(49_900)),
            new ClientView.Stretch("a", at(54_600), at(60_000))),
        List.of());
  }

  private static Instant at(long millis) {
    return SampleDrills.STARTED.plusMillis(millis);
  }
}

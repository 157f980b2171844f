package io.understudy.node.driver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalReplayTest {
  @TempDir private Path parent;
  private Path file;

  @BeforeEach
  void record() throws Exception {
    Path directory = parent.resolve("journal");
    try (FileJournal journal = new FileJournal(directory)) {
      new ScriptedRun(journal).run(60);
    }
    file = directory.resolve("journal.jsonl");
  }

  private void change(int line, UnaryOperator<String> edit) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(line - 1, edit.apply(lines.get(line - 1)));
    Files.write(file, lines);
  }

  private int lineWith(String text) throws IOException {
    ImmutableList<String> lines = ImmutableList.copyOf(Files.readAllLines(file));
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(text)) {
        return i + 1;
      }
    }
    throw new AssertionError("no line with " + text);
  }

  @Test
  void aChangedEffectIsFoundInItsLine() throws Exception {
    int line = lineWith("RenewLease");
    change(line, text -> text.replace("\"peerAddress\":\"a:1\"", "\"peerAddress\":\"a:2\""));
    assertThat(JournalReplay.describe(file))
        .startsWith(file + ", line " + line + ": effect ")
        .contains("differs: the journal has RenewLease", "the core decides RenewLease");
  }

  @Test
  void aChangedTransitionIsFoundInItsLine() throws Exception {
    int line = lineWith("\"from\":\"SELF_FENCING\"");
    change(line, text -> text.replace("\"to\":\"STANDBY\"", "\"to\":\"SERVING\""));
    assertThat(JournalReplay.describe(file)).contains("line " + line + ": transition 1 differs");
  }

  @Test
  void aMissingLineIsFound() throws Exception {
    int line = lineWith("GatewayProbed");
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.remove(line - 1);
    Files.write(file, lines);
    assertThat(JournalReplay.replay(file).exact()).isFalse();
  }

  @Test
  void aSpoiltLineInTheMiddleIsFound() throws Exception {
    change(5, text -> text.substring(0, text.length() / 2));
    assertThat(JournalReplay.describe(file))
        .startsWith(file + ", line 5: cannot be read: not JSON");
  }

  @Test
  void aLastLineThatWasCutOffIsTolerated() throws Exception {
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() - 10));
    JournalReplay.Result result = JournalReplay.replay(file);
    assertThat(result.exact()).isTrue();
    assertThat(result.cutOff()).isEqualTo(1);
  }

  @Test
  void aPassThatABugEndedIsTriedAgain() throws Exception {
    Path directory = parent.resolve("failed");
    try (FileJournal journal = new FileJournal(directory)) {
      ScriptedRun run = new ScriptedRun(journal);
      run.run(20);
      run.fail(new IllegalStateException("a bug that is mended by now"));
    }
    assertThat(Files.readString(directory.resolve("journal.jsonl")))
        .contains("\"type\":\"Failure\"", "a bug that is mended by now");
    assertThat(JournalReplay.replay(directory).exact()).isTrue();
  }

  @Test
  void aJournalThatIsNotThereIsSaidInASentence() {
    Path missing = parent.resolve("missing.jsonl");
    assertThat(JournalReplay.describe(missing))
        .isEqualTo(missing + ": no such journal (name its directory, or one of its files)");
  }
}

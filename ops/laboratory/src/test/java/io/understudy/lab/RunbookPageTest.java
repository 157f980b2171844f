package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RunbookPageTest {
  @Test
  void stepsAndHappeningsComeInThePagesOrder() {
    RunbookPage page =
        parse(
            """
            # A page

            <!-- scenario: all-is-well -->
            <!-- story: install -->

            ```console step
            $ understudy status
            one
              two
            [exit status 3]
            a# systemctl start understudyd
            ```

            <!-- then: ibkr-is-back -->

            ```console step
            $ understudy version
            ```
            """);

    assertThat(page.scenario()).contains("all-is-well");
    assertThat(page.stories()).containsExactly("install");
    assertThat(page.happenings()).containsExactly("ibkr-is-back");
    assertThat(page.items().get(2)).isEqualTo(new RunbookPage.Happening(14, "ibkr-is-back"));
    RunbookPage.Step first = page.steps().getFirst();
    assertThat(first.command()).isEqualTo("understudy status");
    assertThat(first.expected()).containsExactly("one", "  two");
    assertThat(first.exitStatus()).isEqualTo(3);
    assertThat(first.line()).isEqualTo(7);
    assertThat(page.steps().get(1).host()).isEqualTo(Optional.of("a"));
  }

  @Test
  void otherBlocksAreNotExecuted() {
    assertThat(parse("```console\n$ rm -rf /\n```\n\n    $ reboot\n").items()).isEmpty();
  }

  @Test
  void aCommandMayGoOnInTheNextLine() {
    assertThat(parse("```console step\n$ understudy \\\n    status\n```\n").steps())
        .extracting(RunbookPage.Step::command)
        .containsExactly("understudy status");
  }

  @Test
  void aBlockThatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> parse("```console step\nunderstudy status\n```\n"))
        .hasMessage("page.md, line 2: a line of a step block that belongs to no command");
    assertThatThrownBy(() -> parse("```console step\n$ understudy status\n"))
        .hasMessageContaining("without an end");
  }

  private static RunbookPage parse(String text) {
    return RunbookPage.parse("page", text.lines().toList());
  }
}

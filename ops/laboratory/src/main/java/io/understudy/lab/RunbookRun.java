package io.understudy.lab;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One page, executed from its first step to its last. */
final class RunbookRun {
  private static final Duration LOOK_LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK_PAUSE = Duration.ofMillis(500);

  /** Who looks, looks again until he sees what he waits for. */
  private static final Pattern LOOK =
      Pattern.compile("understudy (status|history|drill (list|plan))\\b.*");

  private final RunbookPage page;
  private final RunbookShell shell;
  private final RunbookHands hands;
  private final @Nullable RunbookWorld world;
  private final Narrator narrator;

  /**
   * @param world absent where the page is about the operator's machine alone
   */
  RunbookRun(
      RunbookPage page, RunbookShell shell, Optional<RunbookWorld> world, Narrator narrator) {
    this.page = page;
    this.shell = shell;
    this.hands = new RunbookHands(shell, world);
    this.world = world.orElse(null);
    this.narrator = narrator;
  }

  /**
   * Breaks the system as the page says, and does what it tells.
   *
   * @throws LabException when something is not as the page shows it
   */
  void run(RunbookScenes.Scene scene) {
    scene.atDesk().accept(shell);
    if (world != null) {
      scene.inWorld().accept(world);
    }
    for (RunbookPage.Item item : page.items()) {
      switch (item) {
        case RunbookPage.Happening happening ->
            Objects.requireNonNull(RunbookScenes.HAPPENINGS.get(happening.name())).accept(world());
        case RunbookPage.Step step -> step(step);
      }
    }
  }

  private void step(RunbookPage.Step step) {
    narrator.typed(step.command());
    Finished finished = hands.type(step.host(), step.command());
    Optional<String> difference = difference(step, finished);
    if (LOOK.matcher(step.command()).matches()) {
      long end = System.nanoTime() + LOOK_LIMIT.toNanos();
      while (difference.isPresent() && System.nanoTime() < end) {
        Waiting.pause(LOOK_PAUSE);
        finished = hands.type(step.host(), step.command());
        difference = difference(step, finished);
      }
    }
    finished.output().lines().forEach(narrator::say);
    if (finished.exitCode() != 0) {
      narrator.say("[exit status " + finished.exitCode() + "]");
    }
    if (difference.isPresent()) {
      throw new LabException(
          "%s.md, line %d: %s%n  %s%n  It printed, with exit status %d:%n%s"
              .formatted(
                  page.name(),
                  step.line(),
                  step.command(),
                  difference.orElseThrow(),
                  finished.exitCode(),
                  finished.output().indent(4)));
    }
  }

  private static Optional<String> difference(RunbookPage.Step step, Finished finished) {
    return finished.exitCode() == step.exitStatus()
        ? ExpectedOutput.difference(step.expected(), finished.output())
        : Optional.of(
            "the exit status is %d, and not %d".formatted(finished.exitCode(), step.exitStatus()));
  }

  private RunbookWorld world() {
    if (world == null) {
      throw new LabException(page.name() + ".md: its scenario has no cluster");
    }
    return world;
  }
}

package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Executes the pages of the runbooks against a cluster of real processes on this machine. */
@Command(
    name = "runbooks",
    mixinStandardHelpOptions = true,
    description = "Breaks a cluster as each page says, and does what the page tells.")
public final class Runbooks implements Callable<Integer> {
  private static final String PAGES = "runbooks/procedures";
  private static final int UNUSABLE = 2;

  @Parameters(paramLabel = "PAGE", description = "Names of pages (default: all with steps).")
  private List<String> names = new ArrayList<>();

  @Option(names = "--show", description = "Show each command with what it prints.")
  private boolean show;

  private final PrintStream out = System.out;
  private int failed;

  private Runbooks() {}

  public static void main(String[] arguments) {
    System.exit(new picocli.CommandLine(new Runbooks()).execute(arguments));
  }

  /** All pages that can be executed, those with the same needs one after the other. */
  static ImmutableList<RunbookPage> pages(Path root) {
    try (Stream<Path> files = Files.list(root.resolve(PAGES))) {
      return files
          .filter(file -> file.getFileName().toString().matches("[a-z].*\\.md"))
          .map(RunbookPage::read)
          .filter(page -> !page.steps().isEmpty())
          .sorted(Comparator.comparing(Runbooks::needs).thenComparing(RunbookPage::name))
          .collect(ImmutableList.toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + root.resolve(PAGES), e);
    }
  }

  static RunbookScenes.Scene scene(RunbookPage page) {
    String name =
        page.scenario().orElseThrow(() -> new LabException(page.name() + ".md names no scenario"));
    RunbookScenes.Scene scene = RunbookScenes.SCENARIOS.get(name);
    if (scene == null) {
      throw new LabException(page.name() + ".md: there is no scenario " + name);
    }
    return scene;
  }

  private static RunbookScenes.Needs needs(RunbookPage page) {
    return scene(page).needs();
  }

  @Override
  public Integer call() {
    ImmutableList<RunbookPage> pages = pages(Installation.find().root());
    for (String name : names) {
      if (pages.stream().noneMatch(page -> page.name().equals(name))) {
        System.err.println("No page with steps is called " + name);
        return UNUSABLE;
      }
    }
    try (RunbookClusters clusters = new RunbookClusters()) {
      for (RunbookPage page : pages) {
        if (names.isEmpty() || names.contains(page.name())) {
          execute(page, clusters);
        }
      }
    }
    out.println(failed == 0 ? "All passed" : failed + " failed");
    return failed == 0 ? 0 : 1;
  }

  private void execute(RunbookPage page, RunbookClusters clusters) {
    long start = System.nanoTime();
    RunbookScenes.Scene scene = scene(page);
    try {
      Optional<RunbookWorld> world = clusters.with(scene.needs());
      int violations = world.map(RunbookWorld::violations).orElse(0);
      RunbookShell shell = RunbookShell.open(clusters.desk(), world.map(RunbookWorld::cluster));
      new RunbookRun(page, shell, world, show ? new Narrator(out) : Narrator.silent()).run(scene);
      world.ifPresent(each -> each.expectViolations(violations + scene.excused()));
      told("passed", page, start);
    } catch (LabException e) {
      failed++;
      told("FAILED", page, start);
      out.println(e.getMessage());
      clusters.keepLogs();
    }
    out.flush();
  }

  private void told(String verdict, RunbookPage page, long start) {
    out.printf(
        "%-7s %-28s %8s%n",
        verdict, page.name(), Narrator.seconds(Duration.ofNanos(System.nanoTime() - start)));
  }
}

package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The lab of Debian hosts: builds a cluster from its bundles and tells stories with it. Runs within
 * the namespaces that {@code ops/lab} makes.
 */
@Command(
    name = "hosts",
    mixinStandardHelpOptions = true,
    subcommands = {HostsLab.Stories.class, HostsLab.Up.class, HostsLab.Tell.class},
    description = "A cluster from its bundles, on Debian hosts with a systemd each.")
public final class HostsLab implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private HostsLab() {}

  public static void main(String[] arguments) {
    System.exit(new picocli.CommandLine(new HostsLab()).execute(arguments));
  }

  @Override
  public Integer call() {
    picocli.CommandLine.usage(this, System.err);
    return USAGE;
  }

  /** Lists the stories. */
  @Command(name = "stories", description = "Lists the stories.")
  static final class Stories implements Callable<Integer> {
    @Override
    public Integer call() {
      for (HostStory story : HostStories.all()) {
        System.out.printf("%-34s %s%n", story.name(), story.purpose());
      }
      return 0;
    }
  }

  /** Builds a cluster and leaves it to whoever asked. */
  @Command(name = "up", description = "Builds a cluster from a cluster file, or from none.")
  static final class Up implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The cluster file.")
    private @Nullable Path clusterFile;

    @Override
    public Integer call() {
      HostsWorld world = HostsWorld.here();
      if (clusterFile != null) {
        world.adopt(clusterFile);
      }
      return tell(world, HostStories.BUILDING, new Narrator(System.out));
    }
  }

  /** Tells stories. */
  @Command(name = "tell", description = "Tells stories, one after the other.")
  static final class Tell implements Callable<Integer> {
    @Parameters(paramLabel = "STORY", arity = "0..*", description = "As `stories` names them.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--verbose", description = "Show the operator's commands too.")
    private boolean verbose;

    @Override
    public Integer call() {
      HostsWorld world = HostsWorld.here();
      Narrator narrator = verbose ? new Narrator(System.out) : Narrator.silent();
      try {
        return tell(world, chosen(world), narrator);
      } catch (LabException e) {
        System.err.println("lab: " + e.getMessage());
        return USAGE;
      }
    }

    private ImmutableList<HostStory> chosen(HostsWorld world) {
      ImmutableList<HostStory> possible = world.built() ? HostStories.TELLING : HostStories.all();
      for (String name : names) {
        if (possible.stream().noneMatch(story -> story.name().equals(name))) {
          throw new LabException("No story " + name + " can be told now; see ops/lab stories");
        }
      }
      return possible.stream()
          .filter(story -> names.isEmpty() || story.vital() || names.contains(story.name()))
          .collect(ImmutableList.toImmutableList());
    }
  }

  private static int tell(HostsWorld world, ImmutableList<HostStory> stories, Narrator narrator) {
    HostsTable table = new HostsTable(world, System.out, stories.equals(HostStories.all()));
    try (HostsScene scene = new HostsScene(world, narrator)) {
      for (HostStory story : stories) {
        if (!table.tell(story, scene) && story.vital()) {
          break;
        }
      }
    }
    return table.finish() ? 0 : FAILED;
  }
}

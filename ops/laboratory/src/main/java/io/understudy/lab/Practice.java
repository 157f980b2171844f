package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A cluster of real processes on this machine, broken in one of the ways of the runbooks, and a
 * prompt for a person who puts it in order by the pages.
 */
@Command(
    name = "practise",
    mixinStandardHelpOptions = true,
    description = "Breaks a cluster and lets you put it in order.")
public final class Practice implements Callable<Integer> {
  private static final int UNUSABLE = 2;
  private static final ImmutableSet<String> UNSEEN =
      ImmutableSet.of("all-is-well", "positions-differ");
  private static final Pattern ON_HOST = Pattern.compile("(a|b|witness)# *(\\S.*)");
  private static final Pattern OUTSIDE = Pattern.compile("outside(?: +(\\S+))?");
  private static final String WELCOME =
      """
      Something is wrong with this cluster: nodes a and b, and a witness. You sit at the operator's
      desk, the runbooks beside you.
        understudy status            at the desk; any command of a shell will do
        a# ls /var/lib               as root on a host: a, b or witness. Of systemd there are only
                                     systemctl start, stop and restart, of understudyd and
                                     understudy-zookeeper
        outside                      what people outside can do for you, each by: outside NAME
        exit                         you are done: the cluster is looked at\
      """;

  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO",
      description = "A scenario of the pages (default: one by chance, which is not named).")
  private @Nullable String name;

  @Option(names = "--list", description = "List the scenarios.")
  private boolean list;

  private final PrintStream out = System.out;

  private Practice() {}

  public static void main(String[] arguments) {
    System.exit(new picocli.CommandLine(new Practice()).execute(arguments));
  }

  @Override
  public Integer call() {
    ImmutableList<String> known = broken();
    if (list) {
      known.forEach(out::println);
      return 0;
    }
    if (name != null && !known.contains(name)) {
      System.err.println("No scenario is called " + name + "; try: ops/lab practise --list");
      return UNUSABLE;
    }
    String chosen =
        Objects.requireNonNullElseGet(
            name, () -> known.get(ThreadLocalRandom.current().nextInt(known.size())));
    RunbookScenes.Scene scene = Objects.requireNonNull(RunbookScenes.SCENARIOS.get(chosen));
    try (RunbookClusters clusters = new RunbookClusters()) {
      try {
        return practise(scene, clusters);
      } catch (LabException e) {
        clusters.keepLogs();
        System.err.println(e.getMessage());
        return UNUSABLE;
      }
    }
  }

  /** Those in which something is wrong with a cluster, and can be seen. */
  private static ImmutableList<String> broken() {
    return RunbookScenes.SCENARIOS.entrySet().stream()
        .filter(each -> each.getValue().needs() != RunbookScenes.Needs.DESK)
        .map(each -> each.getKey())
        .filter(each -> !UNSEEN.contains(each))
        .collect(ImmutableList.toImmutableList());
  }

  private int practise(RunbookScenes.Scene scene, RunbookClusters clusters) {
    out.println("Starting a cluster, and breaking it ...");
    Optional<RunbookWorld> cluster = clusters.with(scene.needs());
    RunbookWorld world = cluster.orElseThrow();
    RunbookShell shell = RunbookShell.open(clusters.desk(), cluster.map(RunbookWorld::cluster));
    scene.inWorld().accept(world);
    long start = System.nanoTime();
    out.println(WELCOME);
    prompt(new RunbookHands(shell, cluster), world);
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    return judge(world, scene.excused(), taken);
  }

  private void prompt(RunbookHands hands, RunbookWorld world) {
    try {
      BufferedReader typed =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
      for (String line = next(typed); line != null && !line.equals("exit"); line = next(typed)) {
        try {
          answer(line, hands, world);
        } catch (LabException e) {
          out.println(e.getMessage());
        }
      }
    } catch (IOException e) {
      throw new LabException("Cannot read what is typed: " + e.getMessage(), e);
    }
  }

  private @Nullable String next(BufferedReader typed) throws IOException {
    out.print("> ");
    out.flush();
    String line = typed.readLine();
    return line == null ? null : line.strip();
  }

  private void answer(String line, RunbookHands hands, RunbookWorld world) {
    Matcher outside = OUTSIDE.matcher(line);
    if (outside.matches()) {
      outside(Optional.ofNullable(outside.group(1)), world);
      return;
    }
    if (line.isEmpty()) {
      return;
    }
    Matcher host = ON_HOST.matcher(line);
    Finished finished =
        host.matches()
            ? hands.type(Optional.of(host.group(1)), host.group(2))
            : hands.type(Optional.empty(), line);
    out.print(finished.output());
    if (finished.exitCode() != 0) {
      out.println("[exit status " + finished.exitCode() + "]");
    }
  }

  private void outside(Optional<String> happening, RunbookWorld world) {
    if (happening.isEmpty()) {
      RunbookScenes.HAPPENINGS.keySet().forEach(out::println);
      return;
    }
    var act = RunbookScenes.HAPPENINGS.get(happening.get());
    if (act == null) {
      out.println("Nobody can do " + happening.get() + "; try: outside");
      return;
    }
    act.accept(world);
    out.println("Done");
  }

  /** In order: a node serves with its gate open, the other is ready, no promise was broken. */
  private int judge(RunbookWorld world, int excused, Duration taken) {
    boolean inOrder = world.complete();
    int broken = world.violations() - excused;
    out.printf(
        "%s after %d min %d s; promises broken in the broker's eyes: %d%n",
        inOrder ? "The cluster is in order" : "The cluster is NOT in order",
        taken.toMinutes(),
        taken.toSecondsPart(),
        Math.max(broken, 0));
    return inOrder && broken <= 0 ? 0 : 1;
  }
}

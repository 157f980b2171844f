package io.understudy.controller.probe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link ProbingClient} has seen, and what follows from it. Times by {@link
 * System#nanoTime}.
 *
 * @param probes by the time at which they were answered or given up
 */
public record ProbeLog(List<Probe> probes) {
  public ProbeLog {
    probes = probes.stream().sorted(Comparator.comparingLong(Probe::at)).toList();
  }

  /** Time between two answers in a row, through whichever relay. */
  public record Gap(String before, long from, String after, long to) {
    public long nanos() {
      return to - from;
    }
  }

  /**
   * Answers in a row through one relay, without a request between them that got none.
   *
   * @param from of the first one
   * @param to of the last one
   */
  public record Stretch(String node, long from, long to, int answers) {}

  public int answered() {
    return Math.toIntExact(probes.stream().filter(Probe::answered).count());
  }

  /** Whether the relay of the node has ever let a request through. */
  public boolean reached(String node) {
    return probes.stream().anyMatch(probe -> probe.answered() && probe.node().equals(node));
  }

  /** The relays whose latest request was answered. */
  public List<String> answering() {
    Map<String, Boolean> latest = new LinkedHashMap<>();
    probes.forEach(probe -> latest.put(probe.node(), probe.answered()));
    return latest.entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /**
   * The longest time without an answer that began with the last answer through the one node and
   * ended with the first one through the other, which may be the same.
   */
  public Optional<Gap> longestGap(String before, String after) {
    return gaps().stream()
        .filter(gap -> gap.before().equals(before) && gap.after().equals(after))
        .max(Comparator.comparingLong(Gap::nanos));
  }

  /** In the order of their beginnings. */
  public List<Stretch> stretches() {
    Map<String, Stretch> open = new LinkedHashMap<>();
    List<Stretch> all = new ArrayList<>();
    for (Probe probe : probes) {
      Stretch before = open.remove(probe.node());
      if (probe.answered()) {
        open.put(
            probe.node(),
            before == null
                ? new Stretch(probe.node(), probe.at(), probe.at(), 1)
                : new Stretch(probe.node(), before.from(), probe.at(), before.answers() + 1));
      } else if (before != null) {
        all.add(before);
      }
    }
    all.addAll(open.values());
    all.sort(Comparator.comparingLong(Stretch::from));
    return List.copyOf(all);
  }

  /**
   * Answers that came while another relay let requests through too, which must never be: they lie
   * within a stretch of the other.
   */
  public int doubled() {
    List<Stretch> stretches = stretches();
    return Math.toIntExact(
        probes.stream()
            .filter(Probe::answered)
            .filter(probe ->
                stretches.stream()
                    .anyMatch(stretch ->
                        !stretch.node().equals(probe.node())
                            && probe.at() - stretch.from() >= 0
                            && stretch.to() - probe.at() >= 0))
            .count());
  }

  private List<Gap> gaps() {
    List<Gap> gaps = new ArrayList<>();
    Probe before = null;
    for (Probe probe : probes) {
      if (!probe.answered()) {
        continue;
      }
      if (before != null) {
        gaps.add(new Gap(before.node(), before.at(), probe.node(), probe.at()));
      }
      before = probe;
    }
    return gaps;
  }
}

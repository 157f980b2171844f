package io.understudy.controller.drill;

import io.understudy.v1.Drill;
import io.understudy.v1.DrillMark;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of a drill by the marks that the nodes left, each by the clock of its node.
 *
 * @param fault when the fault was made, or the hand-over was ordered
 * @param there until a node served again; absent when none did
 * @param back the same of the way back; absent without one
 * @param successor the node that served again first, which may be the one that led before
 */
public record NodesView(
    Optional<Instant> fault,
    Optional<Passage> there,
    Optional<Passage> back,
    Optional<String> successor) {
  private static final String FAULT = "Fault";
  private static final String CEDING = "Ceding";
  private static final String FALLING_BACK = "FallingBack";
  private static final String SERVING = "Serving";
  private static final String GATE_OPEN = "GateOpen";

  public static NodesView of(Drill drill) {
    List<DrillMark> marks = drill.getMarksList();
    int fault = first(marks, 0, FAULT);
    if (fault < 0) {
      return new NodesView(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
    int returning = first(marks, fault, FALLING_BACK);
    int end = returning < 0 ? marks.size() : returning;
    boolean planned =
        switch (drill.getPlan().getKind()) {
          case DRILL_KIND_SWITCHOVER, DRILL_KIND_LOGIN_ONLY -> true;
          case DRILL_KIND_UNSPECIFIED,
              DRILL_KIND_CRASH,
              DRILL_KIND_PARTITION,
              DRILL_KIND_GATEWAY_CRASH,
              UNRECOGNIZED ->
              false;
        };
    Optional<Passage> back =
        returning < 0 ? Optional.empty() : passage(marks.subList(returning, marks.size()), true);
    List<DrillMark> there = marks.subList(fault, end);
    return new NodesView(
        Optional.of(at(marks.get(fault))),
        passage(there, planned),
        back,
        there.stream()
            .filter(mark -> mark.getWhat().equals(SERVING))
            .map(DrillMark::getNode)
            .findFirst());
  }

  /** How long nobody served, which the verdict holds against the RTO. */
  public Optional<Duration> recovery() {
    return there.map(Passage::whole);
  }

  /** How long the former leader served on after the order to hand over. */
  public Optional<Duration> waiting() {
    return there
        .flatMap(passage -> fault.map(begin -> Duration.between(begin, passage.from())))
        .filter(Duration::isPositive);
  }

  /**
   * The first mark begins it.
   *
   * @param planned whether the leader served on until it began to give up
   */
  private static Optional<Passage> passage(List<DrillMark> marks, boolean planned) {
    int serving = first(marks, 1, SERVING);
    if (serving < 0) {
      return Optional.empty();
    }
    String node = marks.get(serving).getNode();
    int gate = first(marks, serving, GATE_OPEN);
    int ceding = planned ? first(marks.subList(0, serving), 1, CEDING) : -1;
    Map<String, Instant> entered = new LinkedHashMap<>();
    for (DrillMark mark : marks.subList(1, serving + 1)) {
      if (mark.getNode().equals(node)) {
        entered.putIfAbsent(mark.getWhat(), at(mark));
      }
    }
    Instant from = at(marks.get(Math.max(ceding, 0)));
    Instant to = at(marks.get(gate < 0 ? serving : gate));
    return Optional.of(Passage.of(from, to.isBefore(from) ? from : to, entered));
  }

  private static int first(List<DrillMark> marks, int from, String what) {
    for (int i = from; i < marks.size(); i++) {
      if (marks.get(i).getWhat().equals(what)) {
        return i;
      }
    }
    return -1;
  }

  private static Instant at(DrillMark mark) {
    return DrillWords.instant(mark.getAt());
  }
}

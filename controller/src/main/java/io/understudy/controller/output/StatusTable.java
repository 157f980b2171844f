package io.understudy.controller.output;

import com.google.protobuf.Timestamp;
import io.understudy.controller.text.Spans;
import io.understudy.v1.BrokerageSession;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.Directives;
import io.understudy.v1.Discrepancy;
import io.understudy.v1.Gateway;
import io.understudy.v1.HistoryEntry;
import io.understudy.v1.LoginBudget;
import io.understudy.v1.Node;
import io.understudy.v1.Reconciliation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A cluster as a table: a row for each gateway and node, and below it what else matters. */
final class StatusTable {
  private static final List<String> HEADERS =
      List.of("GATEWAY", "NODE", "ROLE", "PHASE", "EPOCH", "LEASE", "GATE", "SESSION", "WHY");
  private static final String NONE = "-";

  /** Further away than this, a lock has no end of its own. */
  private static final Duration LOCK_FOREVER = Duration.ofDays(3650);

  private final Canvas canvas;
  private final Cluster cluster;

  StatusTable(Canvas canvas, Cluster cluster) {
    this.canvas = canvas;
    this.cluster = cluster;
  }

  void print() {
    Table table = new Table(title(), HEADERS);
    for (Gateway gateway : cluster.getGatewaysList()) {
      boolean first = true;
      for (Node node : cluster.getNodesList()) {
        table.row(row(gateway, node, first ? gateway.getId() : ""));
        first = false;
      }
    }
    table.print(canvas);
    for (Gateway gateway : cluster.getGatewaysList()) {
      footer(gateway);
    }
    labelled("peers", WatchLines.peers(cluster));
    labelled("servers", WatchLines.servers(cluster));
    for (String warning : WatchLines.warnings(cluster)) {
      canvas.stream().println(canvas.paint(Style.BUSY, "Warning: " + warning));
    }
    for (String problem : Health.problems(cluster)) {
      canvas.stream().println(canvas.paint(Style.BAD, "Degraded: " + problem));
    }
  }

  private void labelled(String label, List<String> lines) {
    String text = label;
    for (String line : lines) {
      canvas.stream().println("  " + padded(text, 7, Style.DIM) + "  " + line);
      text = "";
    }
  }

  private String title() {
    return "cluster "
        + cluster.getName()
        + ", seen by "
        + cluster.getAnsweredBy()
        + " at "
        + Times.dateTime(cluster.getAt(), canvas.zone())
        + (cluster.getStale() ? ", STALE" : "");
  }

  private List<Table.Cell> row(Gateway gateway, Node node, String name) {
    Optional<Cell> found =
        gateway.getCellsList().stream()
            .filter(cell -> cell.getNode().equals(node.getId()))
            .findFirst();
    String lease =
        node.hasLeaseRemaining() ? Spans.text(Times.duration(node.getLeaseRemaining())) : NONE;
    if (found.isEmpty()) {
      return List.of(
          Table.Cell.of(name, Style.BOLD),
          Table.Cell.of(node.getId()),
          Table.Cell.of(NONE),
          Table.Cell.of(NONE),
          Table.Cell.number(NONE),
          Table.Cell.number(lease),
          Table.Cell.of(NONE),
          Table.Cell.of(NONE),
          Table.Cell.of(absence(node), node.getRegistered() ? Style.PLAIN : Style.BAD));
    }
    Cell cell = found.get();
    boolean leads = cell.getLeader() || gateway.getLeader().equals(node.getId());
    return List.of(
        Table.Cell.of(name, Style.BOLD),
        Table.Cell.of(node.getId()),
        Table.Cell.of(leads ? "leader" : "standby", leads ? Style.BOLD : Style.PLAIN),
        Table.Cell.of(PhaseWords.name(cell.getPhase()), PhaseWords.style(cell.getPhase())),
        Table.Cell.number(cell.getEpoch() == 0 ? NONE : Long.toUnsignedString(cell.getEpoch())),
        Table.Cell.number(lease),
        Table.Cell.of(
            cell.getGateOpen() ? "open" : "shut", cell.getGateOpen() ? Style.GOOD : Style.PLAIN),
        Table.Cell.of(session(cell.getSession()), sessionStyle(cell.getSession())),
        Table.Cell.of(cell.getWhy().getSentence()));
  }

  private static String absence(Node node) {
    if (node.getRegistered()) {
      return "has not reported this gateway yet";
    }
    return node.hasLastContact()
        ? "away: last heard of "
            + Spans.text(Times.duration(node.getLastContact()))
            + " ago; is understudyd running there?"
        : "away: not registered; is understudyd running there?";
  }

  private void footer(Gateway gateway) {
    List<Map.Entry<String, String>> lines = new ArrayList<>();
    lines.add(Map.entry("directives", directives(gateway.getDirectives())));
    lines.add(Map.entry("custody", custody(gateway)));
    lines.add(Map.entry("login budget", budget(gateway.getLoginBudget())));
    lines.add(
        Map.entry(
            "last login",
            gateway.hasLastLogin()
                ? Times.ago(gateway.getLastLogin(), cluster.getAt(), canvas.zone())
                : "none yet"));
    lines.add(
        Map.entry(
            "last change",
            gateway.hasLastTransition() ? transition(gateway.getLastTransition()) : "none yet"));
    lines.add(Map.entry("takeover", takeover(gateway)));
    positions(gateway).forEach(text -> lines.add(Map.entry("positions", text)));
    int width = Math.max(7, gateway.getId().length());
    String last = "";
    for (int index = 0; index < lines.size(); index++) {
      String label = lines.get(index).getKey();
      canvas.stream()
          .println(
              "  "
                  + padded(index == 0 ? gateway.getId() : "", width, Style.BOLD)
                  + "  "
                  + padded(label.equals(last) ? "" : label, 12, Style.DIM)
                  + "  "
                  + lines.get(index).getValue());
      last = label;
    }
  }

  private String padded(String text, int width, Style style) {
    return (text.isEmpty() ? "" : canvas.paint(style, text))
        + " ".repeat(Math.max(0, width - text.length()));
  }

  private String directives(Directives directives) {
    List<String> wishes = new ArrayList<>();
    if (directives.getPaused()) {
      wishes.add("paused");
    }
    if (directives.getLoggedOut()) {
      wishes.add("logged out");
    }
    if (directives.getTradingHalted()) {
      wishes.add("trading halted");
    }
    if (!directives.getSwitchoverTo().isEmpty()) {
      wishes.add("switchover to " + directives.getSwitchoverTo());
    }
    return wishes.isEmpty() ? "none" : canvas.paint(Style.BUSY, String.join(", ", wishes));
  }

  private String custody(Gateway gateway) {
    if (gateway.getCustody().getNode().isEmpty()) {
      return "nobody";
    }
    return gateway.getCustody().getNode()
        + ", epoch "
        + Long.toUnsignedString(gateway.getCustody().getEpoch())
        + ", since "
        + Times.ago(gateway.getCustody().getSince(), cluster.getAt(), canvas.zone());
  }

  private String budget(LoginBudget budget) {
    String failures =
        budget.getFailuresInRow() + " of " + budget.getFailuresMax() + " failures in a row";
    if (!locked(budget)) {
      return failures;
    }
    Duration left =
        Duration.between(Times.instant(cluster.getAt()), Times.instant(budget.getLockedUntil()));
    String until =
        left.compareTo(LOCK_FOREVER) > 0
            ? "LOCKED until `understudy unlock`"
            : "LOCKED until "
                + Times.dateTime(budget.getLockedUntil(), canvas.zone())
                + " (in "
                + Spans.text(left)
                + ")";
    String reason = budget.getLockReason().isEmpty() ? "" : ": " + budget.getLockReason();
    return failures + ", " + canvas.paint(Style.BAD, until + reason);
  }

  private String transition(HistoryEntry entry) {
    return Times.ago(entry.getAt(), cluster.getAt(), canvas.zone())
        + "  "
        + entry.getKind()
        + " on "
        + entry.getNode()
        + operator(entry).map(who -> " by " + who).orElse("")
        + (entry.getSentence().isEmpty() ? "" : ": " + entry.getSentence());
  }

  /** Who did it, unless the node did it of itself. */
  static Optional<String> operator(HistoryEntry entry) {
    return Optional.of(entry.getActor())
        .filter(actor -> !actor.isEmpty() && !actor.equals(entry.getNode()));
  }

  private String takeover(Gateway gateway) {
    String ready =
        gateway.getCellsList().stream()
            .filter(cell -> cell.getReady() && !cell.getNode().equals(gateway.getLeader()))
            .map(Cell::getNode)
            .collect(Collectors.joining(", "));
    if (cluster.getStale()) {
      return canvas.paint(Style.BUSY, "not known: " + cluster.getAnsweredBy() + " has no quorum");
    }
    if (ready.isEmpty()) {
      return canvas.paint(Style.BUSY, "no other node could take over now");
    }
    if (locked(gateway.getLoginBudget())) {
      return canvas.paint(Style.BUSY, ready + " is ready, and cannot log in: logins are locked");
    }
    if (gateway.getDirectives().getLoggedOut()) {
      return canvas.paint(Style.BUSY, ready + " is ready, and waits for a login: logged out");
    }
    return gateway.getDirectives().getPaused()
        ? canvas.paint(Style.BUSY, ready + " is ready, and waits for a command: paused")
        : ready + " could take over now";
  }

  private boolean locked(LoginBudget budget) {
    return budget.hasLockedUntil() && after(budget.getLockedUntil(), cluster.getAt());
  }

  private List<String> positions(Gateway gateway) {
    List<String> lines = new ArrayList<>();
    for (Cell cell : gateway.getCellsList()) {
      Reconciliation report = cell.getReconciliation();
      if (report.getDiscrepanciesCount() > 0) {
        lines.add(
            canvas.paint(
                Style.BAD,
                report.getDiscrepanciesCount()
                    + " of "
                    + report.getCompared()
                    + " differ on "
                    + cell.getNode()
                    + "; accept with `understudy reconcile --accept ID`"));
        report.getDiscrepanciesList().forEach(entry -> lines.add(discrepancy(entry)));
      } else if (cell.hasReconciliation()) {
        lines.add(report.getCompared() + " compared on " + cell.getNode() + ", none differs");
      }
    }
    return lines;
  }

  static String discrepancy(Discrepancy discrepancy) {
    return discrepancy.getId()
        + ": "
        + discrepancy.getInstrument()
        + (discrepancy.getAccount().isEmpty() ? "" : " in " + discrepancy.getAccount())
        + " is "
        + discrepancy.getActual()
        + ", expected "
        + discrepancy.getExpected()
        + (discrepancy.getTolerance().isEmpty()
            ? ""
            : " (tolerance " + discrepancy.getTolerance() + ")");
  }

  private static String session(BrokerageSession session) {
    return switch (session) {
      case BROKERAGE_SESSION_ESTABLISHED -> "established";
      case BROKERAGE_SESSION_LOGGED_OUT -> "logged out";
      case BROKERAGE_SESSION_NOT_ESTABLISHED -> "not established";
      case BROKERAGE_SESSION_COMPETING -> "competing";
      case BROKERAGE_SESSION_UNKNOWN -> "unknown";
      case BROKERAGE_SESSION_UNSPECIFIED, UNRECOGNIZED -> NONE;
    };
  }

  private static Style sessionStyle(BrokerageSession session) {
    return switch (session) {
      case BROKERAGE_SESSION_ESTABLISHED -> Style.GOOD;
      case BROKERAGE_SESSION_COMPETING -> Style.BAD;
      case BROKERAGE_SESSION_LOGGED_OUT,
          BROKERAGE_SESSION_NOT_ESTABLISHED,
          BROKERAGE_SESSION_UNKNOWN,
          BROKERAGE_SESSION_UNSPECIFIED,
          UNRECOGNIZED ->
          Style.PLAIN;
    };
  }

  private static boolean after(Timestamp one, Timestamp other) {
    return Times.instant(one).isAfter(Times.instant(other));
  }
}

package io.understudy.controller;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.understudy.v1.BrokerageSession;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.Custody;
import io.understudy.v1.Directives;
import io.understudy.v1.Gateway;
import io.understudy.v1.GatewayProcess;
import io.understudy.v1.HistoryEntry;
import io.understudy.v1.LoginBudget;
import io.understudy.v1.Node;
import io.understudy.v1.Phase;
import io.understudy.v1.Progress;
import io.understudy.v1.Reason;
import java.time.Instant;

/** Clusters to show and to ask. */
public final class Clusters {
  public static final Instant NOW = Instant.parse("2026-11-20T12:00:05Z");

  private Clusters() {}

  /** Two nodes and the gateway live; a serves under epoch 7 and answers, b could take over. */
  public static Cluster serving() {
    return Cluster.newBuilder()
        .setName("demo")
        .setAnsweredBy("a")
        .setAt(at(NOW))
        .addNodes(node("a", "127.0.0.1:7101").setLeaseRemaining(millis(4820)))
        .addNodes(node("b", "127.0.0.1:7102"))
        .addGateways(live())
        .build();
  }

  /** The same as {@link #serving()}, with another gateway, paper, led by b. */
  public static Cluster twoGateways() {
    Gateway.Builder paper = live().setId("paper").setLeader("b").setEpoch(3);
    paper.getCellsBuilder(0).setLeader(false).setPhase(Phase.PHASE_STANDBY).setGateOpen(false);
    paper.getCellsBuilder(1).setLeader(true).setPhase(Phase.PHASE_SERVING).setGateOpen(true);
    return serving().toBuilder().addGateways(paper).build();
  }

  /** Nobody is logged in. */
  public static Cluster loggedOut() {
    Cluster.Builder cluster = serving().toBuilder();
    Gateway.Builder live = cluster.getGatewaysBuilder(0);
    live.setDirectives(Directives.newBuilder().setLoggedOut(true)).clearCustody();
    live.getCellsBuilder(0)
        .setPhase(Phase.PHASE_STANDBY)
        .setGateOpen(false)
        .setSession(BrokerageSession.BROKERAGE_SESSION_LOGGED_OUT)
        .setWhy(why("LoggedOut", "leads, logged out by an operator"));
    return cluster.build();
  }

  public static Timestamp at(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  public static Duration millis(long millis) {
    return Duration.newBuilder()
        .setSeconds(millis / 1000)
        .setNanos((int) (millis % 1000) * 1_000_000)
        .build();
  }

  public static Reason why(String code, String sentence) {
    return Reason.newBuilder().setCode(code).setSentence(sentence).build();
  }

  public static HistoryEntry entry(
      int secondsAgo, String gateway, String kind, String actor, String sentence) {
    return HistoryEntry.newBuilder()
        .setAt(at(NOW.minusSeconds(secondsAgo)))
        .setGateway(gateway)
        .setNode("a")
        .setEpoch(7)
        .setKind(kind)
        .setActor(actor)
        .setSentence(sentence)
        .build();
  }

  /** A step of an operation on gateway live, told by node a. */
  public static Progress progress(Phase phase, String sentence) {
    return Progress.newBuilder()
        .setGateway("live")
        .setNode("a")
        .setPhase(phase)
        .setReason(why("Reason", sentence))
        .build();
  }

  private static Node.Builder node(String id, String address) {
    return Node.newBuilder()
        .setId(id)
        .setAddress(address)
        .setVersion("0.1.0")
        .setRegistered(true)
        .setLastContact(millis(400));
  }

  private static Gateway.Builder live() {
    return Gateway.newBuilder()
        .setId("live")
        .setLeader("a")
        .setEpoch(7)
        .addCells(
            Cell.newBuilder()
                .setNode("a")
                .setPhase(Phase.PHASE_SERVING)
                .setEpoch(7)
                .setSince(at(NOW.minusSeconds(120)))
                .setWhy(why("Serving", "holds the lease, epoch 7, serving"))
                .setLeader(true)
                .setReady(true)
                .setGateOpen(true)
                .setProcess(GatewayProcess.GATEWAY_PROCESS_LISTENING)
                .setSession(BrokerageSession.BROKERAGE_SESSION_ESTABLISHED))
        .addCells(
            Cell.newBuilder()
                .setNode("b")
                .setPhase(Phase.PHASE_STANDBY)
                .setSince(at(NOW.minusSeconds(3600)))
                .setWhy(
                    why(
                        "LeaseOfAnotherRuns",
                        "standby, may lead no earlier than in 3.2 s: the lease of node a runs"))
                .setReady(true)
                .setProcess(GatewayProcess.GATEWAY_PROCESS_LISTENING)
                .setSession(BrokerageSession.BROKERAGE_SESSION_LOGGED_OUT)
                .setMayLeadIn(millis(3200)))
        .setCustody(
            Custody.newBuilder().setNode("a").setEpoch(7).setSince(at(NOW.minusSeconds(124))))
        .setLoginBudget(LoginBudget.newBuilder().setFailuresInRow(0).setFailuresMax(3))
        .setDirectives(Directives.getDefaultInstance())
        .setLastLogin(at(NOW.minusSeconds(121)))
        .setLastTransition(entry(120, "live", "Serving", "", "the trading gate opened"));
  }
}

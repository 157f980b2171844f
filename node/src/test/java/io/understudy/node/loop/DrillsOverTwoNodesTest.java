package io.understudy.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.drill.DrillVerdict;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.peers.ServerView;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Drills on two real loops, from the command to the verdict. */
class DrillsOverTwoNodesTest extends LivePair {

  DrillsOverTwoNodesTest() {
    super(SecondFactorKind.NONE);
  }

  private static Command start(String id, DrillKind kind, boolean fallBack) {
    return new Command.StartDrill(
        new Command.Meta(TestNode.LIVE, id, Epoch.NONE, "quarterly", "olga", false),
        new DrillPlan(
            kind,
            Optional.empty(),
            fallBack,
            Optional.empty(),
            Optional.empty(),
            ImmutableList.of("RECENT_TAKEOVER")),
        ImmutableList.of(new ServerView("127.0.0.1:2181", true, "standalone")));
  }

  private static Optional<Drill> drill(TestNode node) {
    return node.loop
        .status()
        .cluster()
        .flatMap(cluster -> Optional.ofNullable(cluster.gateways().get(TestNode.LIVE)))
        .flatMap(records -> records.drill().value().drill());
  }

  private static boolean isOver(TestNode node, String id) {
    return drill(node).filter(d -> d.id().equals(id) && d.stage().ended()).isPresent();
  }

  @Test
  void aHandOverAndItsWayBackAreCarriedOnByWhoeverLeadsAndPass() throws Exception {
    assertThat(a.ask(start("drill-1", DrillKind.SWITCHOVER, true)))
        .isInstanceOf(CommandAnswer.Accepted.class);
    await(b::serves);
    await(() -> isOver(a, "drill-1"));

    assertThat(a.serves()).isTrue();
    Drill drill = drill(a).orElseThrow();
    assertThat(drill.stage()).as(drill.sentence()).isEqualTo(DrillStage.PASSED);
    assertThat(DrillVerdict.recovery(drill)).isPresent();
    assertThat(DrillVerdict.wayBack(drill)).isPresent();
    assertThat(drill.marks())
        .extracting(mark -> mark.node() + " " + mark.what())
        .containsSubsequence(
            "a " + DrillMark.STARTED,
            "a " + DrillMark.FAULT,
            "a " + DrillMark.CEDING,
            "b Claiming",
            "b " + DrillMark.GATE_OPEN,
            "b " + DrillMark.FALLING_BACK,
            "b " + DrillMark.CEDING,
            "a Claiming",
            "a " + DrillMark.GATE_OPEN,
            "a " + DrillMark.ENDED);
  }

  @Test
  void aGatewayThatIsKilledIsLoggedInAgainAndTheNextDrillMovesThisOneToTheList() throws Exception {
    assertThat(a.ask(start("drill-1", DrillKind.GATEWAY_CRASH, false)))
        .isInstanceOf(CommandAnswer.Accepted.class);
    await(() -> isOver(a, "drill-1"));

    Drill first = drill(a).orElseThrow();
    assertThat(first.stage()).as(first.sentence()).isEqualTo(DrillStage.PASSED);
    assertThat(first.after().orElseThrow().epoch()).isEqualTo(first.originEpoch());
    await(() -> a.sees(b));
    assertThat(a.ask(start("drill-2", DrillKind.LOGIN_ONLY, false)))
        .isInstanceOf(CommandAnswer.Accepted.class);
    await(() -> isOver(a, "drill-2"));
    assertThat(a.loop.pastDrills(TestNode.LIVE, 10)).containsExactly(first);
    assertThat(drill(a).orElseThrow().stage()).isEqualTo(DrillStage.PASSED);
  }
}

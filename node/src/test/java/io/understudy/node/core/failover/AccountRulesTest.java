package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.FakeEnsemble;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountRulesTest {
  private FakeEnsemble ensemble;
  private OneNode node;

  @BeforeEach
  void begin() throws DriverException {
    ensemble = new FakeEnsemble(ImmutableList.of(OneNode.LIVE));
    node = OneNode.begun(ensemble, SecondFactorKind.TOTP);
  }

  private boolean looks() {
    return node.asks(Effect.ReadAccount.class);
  }

  private BigDecimal mark() throws DriverException {
    return node.records().marks().value().of("U1").orElseThrow().netLiquidation();
  }

  @Test
  void nobodyLooksAtTheAccountBeforeTheLeaderHasServedForAWhile() {
    node.reconciles();
    node.waits(Duration.ofSeconds(30));
    assertThat(looks()).isFalse();
    node.compares();
    node.waits(Duration.ofSeconds(9));
    assertThat(looks()).isFalse();
    node.waits(Duration.ofSeconds(1));
    assertThat(looks()).isTrue();
  }

  @Test
  void theNextLookIsAMinuteAfterTheEndOfTheLastAndThereIsOneAtATime() {
    node.serves();
    node.waits(Duration.ofSeconds(90));
    assertThat(looks()).isTrue();
    node.readsAccount("100", true);
    assertThat(looks()).as("only one was in flight").isFalse();
    node.waits(Duration.ofSeconds(59));
    assertThat(looks()).isFalse();
    node.waits(Duration.ofSeconds(1));
    assertThat(looks()).isTrue();
    assertThat(node.decidedAgain()).isEmpty();
  }

  @Test
  void aLookThatOnlyMadeTheBrokerLoadItsOrdersIsSoonFollowedByAnother() {
    node.serves();
    node.waits(Duration.ofSeconds(10));
    node.readsAccount("100", false);
    node.waits(Duration.ofSeconds(10));
    assertThat(looks()).isTrue();
    node.readsAccount("100", false);
    node.waits(Duration.ofSeconds(59));
    assertThat(looks()).as("only once").isFalse();
    node.waits(Duration.ofSeconds(1));
    assertThat(node.asked(Effect.ReadAccount.class).epoch()).isEqualTo(node.cell().epoch());
  }

  @Test
  void nobodyLooksWhileASwitchoverIsPending() throws DriverException {
    node.serves();
    node.wishes(
        Directives.NONE.withSwitchover(
            Optional.of(
                new Directives.Switchover(
                    OneNode.A,
                    OneNode.A,
                    node.cell().epoch(),
                    false,
                    "request-1",
                    node.now().wall()))));
    node.waits(Duration.ofSeconds(30));
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
    assertThat(looks()).isFalse();
  }

  @Test
  void aLookThatFailedChangesNothingAndIsFollowedByTheNext() throws DriverException {
    node.serves();
    node.waits(Duration.ofSeconds(10));
    node.cannotReadAccount();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
    assertThat(node.records().marks().value()).isEqualTo(HighWaterMarks.NONE);
    node.waits(Duration.ofSeconds(60));
    assertThat(looks()).isTrue();
  }

  @Test
  void nobodyLooksWhilePositionsAreComparedAgain() throws DriverException {
    node.serves();
    node.wishes(Directives.NONE.withReconcile("again", ImmutableList.of(), node.cell().epoch()));
    assertThat(node.asks(Effect.ComparePositions.class)).isTrue();
    node.waits(Duration.ofSeconds(30));
    assertThat(looks()).isFalse();
    node.compares();
    assertThat(looks()).isTrue();
  }

  @Test
  void nobodyLooksWhileTheSessionIsNotKnownToStand() {
    node.serves();
    node.gatewayIs(ProcessState.LISTENING, SessionState.UNKNOWN);
    node.waits(Duration.ofSeconds(30));
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
    assertThat(looks()).isFalse();
  }

  @Test
  void theHighestValueIsKeptInCoordinationAndNeverSinks() throws DriverException {
    node.serves();
    node.waits(Duration.ofSeconds(10));
    node.readsAccount("100.50", true);
    assertThat(mark()).isEqualByComparingTo("100.50");
    int version = node.records().marks().version();
    node.waits(Duration.ofSeconds(60));
    node.readsAccount("90", true);
    node.waits(Duration.ofSeconds(5));
    assertThat(node.records().marks().version())
        .as("nothing is written in vain")
        .isEqualTo(version);
    node.waits(Duration.ofSeconds(55));
    node.readsAccount("101", true);
    assertThat(mark()).isEqualByComparingTo("101");
  }

  @Test
  void aLookThatEndsAfterTheNodeHasCededWritesNothing() throws DriverException {
    node.serves();
    node.waits(Duration.ofSeconds(10));
    node.wishes(Directives.NONE.withLoggedOut(true));
    assertThat(node.phase()).isEqualTo(Phase.CEDING);
    node.readsAccount("100", true);
    node.waits(Duration.ofSeconds(1));
    assertThat(node.records().marks().value()).isEqualTo(HighWaterMarks.NONE);
  }

  @Test
  void marksThatCannotBeReadStopNoTakeoverAndAreNotWrittenOver() throws DriverException {
    ensemble.spoilMarks(OneNode.LIVE);
    node.serves();
    int version = node.records().marks().version();
    node.waits(Duration.ofSeconds(10));
    node.readsAccount("100", true);
    node.waits(Duration.ofSeconds(61));
    node.readsAccount("110", true);
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
    assertThat(node.records().marks().version()).isEqualTo(version);
  }
}

package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.FakeEnsemble;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Giving up in good order, and by force where something does not work. */
class CedingRulesTest {
  private OneNode node;

  @BeforeEach
  void begin() throws DriverException {
    node = OneNode.begun(new FakeEnsemble(ImmutableList.of(OneNode.LIVE)), SecondFactorKind.TOTP);
  }

  @Test
  void aStopLogsOutThenClearsCustodyThenLeavesThenExits() throws DriverException {
    node.serves();
    node.sees(new Observation.StopRequested());
    assertThat(node.cell().gate()).isInstanceOf(CellState.Shut.class);
    assertThat(node.records().custody().value()).isPresent();

    node.gatewayIs(ProcessState.STOPPED, SessionState.LOGGED_OUT);
    node.ends(Effect.Logout.class);
    assertThat(node.records().custody().value()).isEmpty();
    assertThat(node.records().election().candidates()).isEmpty();
    node.waits(Duration.ofMillis(250));
    assertThat(node.asks(Effect.Exit.class)).isTrue();
  }

  @Test
  void aLogoutThatIsNotConfirmedIsFollowedByAFenceBeforeCustodyIsCleared() throws DriverException {
    node.serves();
    node.sees(new Observation.StopRequested());
    node.fails(Effect.Logout.class);
    node.waits(Duration.ofSeconds(1));
    assertThat(node.records().custody().value()).isPresent();
    assertThat(node.asks(Effect.Exit.class)).isFalse();

    node.ends(Effect.FenceGateway.class);
    assertThat(node.records().custody().value()).isEmpty();
  }

  @Test
  void aFenceThatFailsWhileGivingUpIsTriedAgainAfterAMoment() throws DriverException {
    node.serves();
    node.sees(new Observation.StopRequested());
    node.fails(Effect.Logout.class);
    node.waits(Duration.ofMillis(50));
    node.fails(Effect.FenceGateway.class);
    node.waits(Duration.ofMillis(100));
    assertThat(node.asks(Effect.FenceGateway.class)).isFalse();
    node.waits(Duration.ofMillis(100));
    assertThat(node.asks(Effect.FenceGateway.class)).isTrue();
  }

  @Test
  void theElectionIsNotLeftBeforeTheRelayIsShut() throws DriverException {
    node.serves();
    node.relayIsSlow();
    node.coordination().disconnect();
    node.waits(Duration.ofSeconds(6));
    node.coordination().reconnect();
    node.sees(new Observation.StopRequested());
    node.gatewayIs(ProcessState.STOPPED, SessionState.LOGGED_OUT);
    node.ends(Effect.FenceGateway.class);
    node.waits(Duration.ofMillis(500));
    assertThat(node.phase()).isEqualTo(Phase.STANDBY);
    assertThat(node.records().election().candidates()).containsExactly(OneNode.A);

    node.ends(Effect.ShutRelay.class);
    assertThat(node.records().election().candidates()).isEmpty();
  }
}

package io.understudy.node.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.node.core.failover.GuardedWrite.Result;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.CoordinationDriver.Connection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The contract on the fake, and what the fake promises on top. */
final class FakeCoordinationTest extends CoordinationContract {
  private final FakeEnsemble ensemble = new FakeEnsemble(GATEWAYS);
  private final Map<NodeId, FakeCoordination> drivers = new TreeMap<>();

  @Test
  void aSessionThatEndsWhileItsNodeIsCutOffIsNoticedOnReturn() throws Exception {
    Member a = start(A);
    Member b = start(B);
    SessionId before = a.renew();
    a.driver().join(LIVE);
    disconnect(A);

    ensemble.expire(before);

    assertThat(b.election().candidates()).isEmpty();
    assertThat(a.listener().connections())
        .containsExactly(Connection.CONNECTED, Connection.SUSPENDED);
    reconnect(A);
    assertThat(a.listener().connections()).contains(Connection.EXPIRED);
    assertThat(a.renew()).isNotEqualTo(before);
  }

  @Test
  void aCrashedNodeStaysUntilItsSessionEnds() throws Exception {
    Member a = start(A);
    Member b = start(B);
    SessionId session = a.renew();
    driver(A).crash();

    assertThat(b.read().nodes()).containsKey(A);
    assertThatThrownBy(() -> start(A, "2")).hasMessageContaining("has not expired");
    ensemble.expire(session);

    assertThat(b.read().nodes()).doesNotContainKey(A);
    assertThat(start(A, "3").read().nodes()).containsKeys(A, B);
  }

  @Test
  void withoutAQuorumNothingIsAnsweredAndSessionsStay() throws Exception {
    Member a = start(A);
    SessionId session = a.renew();

    ensemble.loseQuorum();
    assertThatThrownBy(a::renew).isInstanceOf(DriverException.class);
    ensemble.regainQuorum();

    assertThat(a.renew()).isEqualTo(session);
    assertThat(a.listener().connections())
        .containsExactly(Connection.CONNECTED, Connection.SUSPENDED, Connection.CONNECTED);
  }

  @Test
  void aClaimThatDoesNotGrowBreaksAPromise() throws Exception {
    Member a = start(A);
    a.driver().join(LIVE);
    assertThat(a.write(a.ticket(), claim(a, 7, 0))).isEqualTo(Result.COMMITTED);

    assertThatThrownBy(() -> a.write(a.ticket(), claim(a, 7, 1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("MonotonicEpoch");
    assertThat(a.gateway(LIVE).claim().value().map(claim -> claim.epoch())).contains(new Epoch(7));
  }

  @Override
  protected CoordinationDriver create(NodeId node) {
    FakeCoordination driver = ensemble.driver();
    drivers.put(node, driver);
    return driver;
  }

  @Override
  protected void spoilMarks(GatewayId gateway) {
    ensemble.spoilMarks(gateway);
  }

  @Override
  protected void spoilDrill(GatewayId gateway) {
    ensemble.spoilDrill(gateway);
  }

  @Override
  protected void expire(SessionId session) {
    ensemble.expire(session);
  }

  @Override
  protected void disconnect(NodeId node) {
    driver(node).disconnect();
  }

  @Override
  protected void loseAnswers(NodeId node) {
    driver(node).loseAnswers();
  }

  @Override
  protected void reconnect(NodeId node) {
    driver(node).reconnect();
  }

  private FakeCoordination driver(NodeId node) {
    return Objects.requireNonNull(drivers.get(node));
  }
}

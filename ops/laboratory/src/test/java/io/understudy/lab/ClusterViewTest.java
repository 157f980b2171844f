package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ClusterViewTest {
  private static final String SERVING =
      """
      {"name":"demo","gateways":[{"id":"live","leader":"a","epoch":"7","cells":[
        {"node":"a","phase":"PHASE_SERVING","epoch":"7","since":"2026-11-20T12:00:00.250Z","leader":true,"gateOpen":true},
        {"node":"b","phase":"PHASE_STANDBY","since":"2026-11-20T11:00:00Z","ready":true,
         "process":"GATEWAY_PROCESS_LISTENING",
         "reconciliation":{"discrepancies":[{"id":"U1/265598"}]}}]}]}
      """;

  @Test
  void whatTheCommandLinePrintsIsUnderstood() {
    ClusterView view = ClusterView.parse(SERVING).orElseThrow();

    assertThat(view.leader()).contains("a");
    assertThat(view.epoch()).isEqualTo(7);
    assertThat(view.serves("a")).isTrue();
    assertThat(view.serves("b")).isFalse();
    assertThat(view.standsBy("b")).isTrue();
    assertThat(view.cell("a").orElseThrow().since())
        .isEqualTo(Instant.parse("2026-11-20T12:00:00.250Z"));
    assertThat(view.cell("b").orElseThrow().discrepancies()).containsExactly("U1/265598");
  }

  @Test
  void aClusterThatDoesNotKnowTheGatewayYetIsNoView() {
    assertThat(ClusterView.parse("{\"name\":\"demo\"}")).isEmpty();
  }

  @Test
  void anythingElseIsRefusedWithWhatItWas() {
    assertThatThrownBy(() -> ClusterView.parse("Nobody answers"))
        .isInstanceOf(LabException.class)
        .hasMessageEndingWith("Nobody answers");
  }
}

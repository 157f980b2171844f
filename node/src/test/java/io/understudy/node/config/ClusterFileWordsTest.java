package io.understudy.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Timings;
import io.understudy.node.core.failover.CellSettings.CompetingPolicy;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.settings.Format;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a cluster file may say of a node is what a node understands: the two do not share types. */
final class ClusterFileWordsTest {
  private static ImmutableList<String> inTheClusterFile(String pointer) throws IOException {
    try (InputStream schema = ClusterFile.class.getResourceAsStream("cluster.schema.json")) {
      JsonNode words =
          new ObjectMapper()
              .readTree(schema)
              .at("/properties/gateways/additionalProperties/properties/" + pointer + "/enum");
      ImmutableList.Builder<String> all = ImmutableList.builder();
      words.forEach(word -> all.add(word.asText()));
      return all.build();
    }
  }

  private static ImmutableList<String> here(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Format::printConstant)
        .collect(ImmutableList.toImmutableList());
  }

  @Test
  void bothKnowTheSameWords() throws IOException {
    assertThat(inTheClusterFile("driver")).isEqualTo(here(GatewayConfig.Driver.class));
    assertThat(inTheClusterFile("mode")).isEqualTo(here(GatewayConfig.Mode.class));
    assertThat(inTheClusterFile("second-factor"))
        .containsExactlyInAnyOrderElementsOf(here(SecondFactorKind.class));
    assertThat(inTheClusterFile("competing-session")).isEqualTo(here(CompetingPolicy.class));
    assertThat(inTheClusterFile("maintenance-region")).isEqualTo(here(MaintenanceRegion.class));
    assertThat(inTheClusterFile("client-portal/properties/browser"))
        .containsExactlyInAnyOrderElementsOf(here(ClientPortalConfig.Engine.class));
  }

  @Test
  void everySessionTimeoutOfAClusterFileHasALease() {
    for (long millis = Timings.SESSION_TIMEOUT_MIN.toMillis();
        millis <= Timings.SESSION_TIMEOUT_MAX.toMillis();
        millis += Timings.TICK_MIN.toMillis()) {
      Duration sessionTimeout = Duration.ofMillis(millis);
      assertThatCode(() -> LeaseTimings.of(sessionTimeout))
          .as(sessionTimeout.toString())
          .doesNotThrowAnyException();
    }
    assertThat(CoordinationConfig.SESSION_TIMEOUT_DEFAULT)
        .isEqualTo(Timings.DEFAULT.sessionTimeout());
  }
}

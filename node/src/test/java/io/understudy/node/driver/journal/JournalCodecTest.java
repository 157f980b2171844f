package io.understudy.node.driver.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.Now;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.core.positions.ReconciliationReport;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JournalCodecTest {
  private static final Now NOW =
      new Now(Instant.parse("2026-11-20T10:00:00.123456789Z"), new MonotonicTime(-5));

  private final JournalCodec codec = new JournalCodec();

  @Test
  void everyKindOfLineWithEveryObservationAndEffectComesBackEqual() throws Exception {
    for (JournalLine line : Samples.of(JournalLine.class)) {
      assertReadsBack(line);
    }
    for (Observation observation : Samples.of(Observation.class)) {
      assertReadsBack(observed(observation));
    }
    for (Effect effect : Samples.of(Effect.class)) {
      assertReadsBack(
          new JournalLine.Pass(
              NOW, ImmutableList.of(), ImmutableList.of(effect), ImmutableList.of()));
    }
  }

  /** Accounts are masked on the way, so the second reading is compared with the first. */
  private void assertReadsBack(JournalLine line) throws MalformedLineException {
    String text = codec.encode(line);
    JournalLine once = JournalCodec.decode(text);
    String masked = new JournalCodec().encode(line);
    assertThat(text).doesNotContain("\n");
    if (text.contains("account-")) {
      assertThat(once.getClass()).isEqualTo(line.getClass());
      assertThat(text.replaceAll("account-[0-9a-f]{8}", "x"))
          .isEqualTo(masked.replaceAll("account-[0-9a-f]{8}", "x"));
      assertThat(codec.encode(once).replaceAll("account-[0-9a-f]{8}", "x"))
          .isEqualTo(text.replaceAll("account-[0-9a-f]{8}", "x"));
    } else {
      assertThat(once).isEqualTo(line);
    }
  }

  @Test
  void theSamplesHoldEveryObservationAndEveryEffect() {
    assertThat(Samples.of(Observation.class).stream().map(Object::getClass).distinct().toList())
        .hasSameElementsAs(Shape.alternatives(Observation.class));
    assertThat(Samples.of(Effect.class).stream().map(Object::getClass).distinct().toList())
        .hasSameElementsAs(Shape.alternatives(Effect.class));
  }

  @Test
  void namesWithinASealedInterfaceAreUnique() {
    assertThat(Shape.alternatives(Observation.class).stream().map(Class::getSimpleName))
        .doesNotHaveDuplicates();
    assertThat(Shape.alternatives(Effect.class).stream().map(Class::getSimpleName))
        .doesNotHaveDuplicates();
  }

  @Test
  void anAccountNumberIsWrittenAsTheSameShortNameWhereverItOccurs() {
    String first = codec.encode(observed(compared("U9081726", "U5430918")));
    assertThat(first).doesNotContain("9081726").doesNotContain("5430918");
    assertThat(codec.encode(observed(compared("U9081726", "U5430918")))).isEqualTo(first);
    assertThat(new JournalCodec().encode(observed(compared("U9081726", "U5430918"))))
        .as("another life uses another key")
        .isNotEqualTo(first);
  }

  @Test
  void theJsonIsPlainEnoughToBeReadByAPerson() {
    assertThat(
            codec.encode(observed(new Observation.OperatorCodeArrived(new GatewayId("live"), 2))))
        .isEqualTo(
            "{\"type\":\"Pass\",\"now\":{\"wall\":\"2026-11-20T10:00:00.123456789Z\","
                + "\"monotonic\":-5},\"observations\":[{\"type\":\"OperatorCodeArrived\","
                + "\"gateway\":\"live\",\"count\":2}],\"effects\":[],\"transitions\":[]}");
  }

  @Test
  void whatIsNotAJournalLineIsRefusedWithTheCause() {
    assertRefused("{\"type\":\"Pass\",", "not JSON");
    assertRefused("{} {}", "not JSON");
    assertRefused("", "is no JournalLine");
    assertRefused("{\"type\":\"Chapter\"}", "'Chapter' is no JournalLine");
    String line = codec.encode(observed(new Observation.OperatorCodeArrived(live(), 2)));
    assertRefused(line.replace("\"count\":2", "\"count\":\"two\""), "'two' is no Integer");
    assertRefused(line.replace("\"count\":2", "\"number\":2"), "unknown field 'number'");
    assertRefused(line.replace("\"live\"", "\"Live!\""), "a value is refused");
  }

  private static GatewayId live() {
    return new GatewayId("live");
  }

  private static void assertRefused(String line, String cause) {
    assertThatThrownBy(() -> JournalCodec.decode(line))
        .isInstanceOf(MalformedLineException.class)
        .hasMessageContaining(cause);
  }

  private static JournalLine observed(Observation observation) {
    return new JournalLine.Pass(
        NOW, ImmutableList.of(observation), ImmutableList.of(), ImmutableList.of());
  }

  private static Observation compared(String... accounts) {
    ImmutableList.Builder<Discrepancy> discrepancies = ImmutableList.builder();
    for (String account : accounts) {
      discrepancies.add(
          new Discrepancy(
              "AAPL-1", account, "AAPL", "STK", BigDecimal.ONE, BigDecimal.TEN, BigDecimal.ZERO));
    }
    return new Observation.PositionsCompared(
        new EffectId(3),
        Optional.of(new ReconciliationReport(2, discrepancies.build(), 0, -1)),
        "");
  }
}

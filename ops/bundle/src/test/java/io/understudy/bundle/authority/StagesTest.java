package io.understudy.bundle.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Sets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every stage with every signal: a pair is a row here, or it is refused with a sentence. */
final class StagesTest {
  private static final ImmutableTable<TunnelStage, Signal, TunnelStage> TUNNEL =
      ImmutableTable.<TunnelStage, Signal, TunnelStage>builder()
          .put(TunnelStage.STEADY, Signal.ADVANCE, TunnelStage.INTRODUCED)
          .put(TunnelStage.INTRODUCED, Signal.ADVANCE, TunnelStage.PREFERRED)
          .put(TunnelStage.PREFERRED, Signal.ADVANCE, TunnelStage.STEADY)
          .put(TunnelStage.INTRODUCED, Signal.ABORT, TunnelStage.STEADY)
          .put(TunnelStage.PREFERRED, Signal.ABORT, TunnelStage.INTRODUCED)
          .build();
  private static final ImmutableTable<AuthorityStage, Signal, AuthorityStage> AUTHORITIES =
      ImmutableTable.<AuthorityStage, Signal, AuthorityStage>builder()
          .put(AuthorityStage.STEADY, Signal.ADVANCE, AuthorityStage.TRUSTED)
          .put(AuthorityStage.TRUSTED, Signal.ADVANCE, AuthorityStage.ISSUED)
          .put(AuthorityStage.ISSUED, Signal.ADVANCE, AuthorityStage.STEADY)
          .put(AuthorityStage.TRUSTED, Signal.ABORT, AuthorityStage.STEADY)
          .build();
  private static final ImmutableTable<OperatorStage, Signal, OperatorStage> OPERATOR =
      ImmutableTable.<OperatorStage, Signal, OperatorStage>builder()
          .put(OperatorStage.STEADY, Signal.ADVANCE, OperatorStage.ISSUED)
          .put(OperatorStage.ISSUED, Signal.ADVANCE, OperatorStage.STEADY)
          .put(OperatorStage.REVOKED, Signal.ADVANCE, OperatorStage.STEADY)
          .put(OperatorStage.STEADY, Signal.REVOKE, OperatorStage.REVOKED)
          .put(OperatorStage.ISSUED, Signal.REVOKE, OperatorStage.REVOKED)
          .put(OperatorStage.REVOKED, Signal.REVOKE, OperatorStage.REVOKED)
          .build();

  @ParameterizedTest
  @EnumSource
  void aTunnelsStageFollowsTheTable(Signal signal) {
    for (TunnelStage stage : TunnelStage.values()) {
      check(stage.on(signal), TUNNEL.get(stage, signal));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theAuthoritiesStageFollowsTheTable(Signal signal) {
    for (AuthorityStage stage : AuthorityStage.values()) {
      check(stage.on(signal), AUTHORITIES.get(stage, signal));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOperatorsStageFollowsTheTable(Signal signal) {
    for (OperatorStage stage : OperatorStage.values()) {
      check(stage.on(signal), OPERATOR.get(stage, signal));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoNeighbouringStagesEachHoldsTheInterfaceThatTheOtherSendsBy(Signal signal) {
    for (TunnelStage stage : TunnelStage.values()) {
      for (String current : ImmutableList.of("wg0", "wg1")) {
        State.Tunnels before = new State.Tunnels(stage, current);
        if (TUNNEL.contains(stage, signal)) {
          State.Tunnels after = before.after(signal);
          assertThat(before.interfaces()).contains(after.preferred());
          assertThat(after.interfaces()).contains(before.preferred());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoNeighbouringStagesEachTrustsWhatTheOtherIssues(Signal signal) {
    for (AuthorityStage stage : AuthorityStage.values()) {
      if (AUTHORITIES.contains(stage, signal)) {
        State.Authorities before = new State.Authorities(stage, 7);
        State.Authorities after = before.after(signal);
        assertThat(before.trusted()).contains(after.issuing());
        assertThat(after.trusted()).contains(before.issuing());
      }
    }
  }

  @Test
  void aWholeRotationOfTheTunnelEndsOnTheOtherInterface() {
    State.Tunnels tunnels = State.initial("main").tunnels();
    for (int i = 0; i < 3; i++) {
      tunnels = tunnels.after(Signal.ADVANCE);
    }
    assertThat(tunnels).isEqualTo(new State.Tunnels(TunnelStage.STEADY, "wg1"));
    for (int i = 0; i < 3; i++) {
      tunnels = tunnels.after(Signal.ADVANCE);
    }
    assertThat(tunnels).isEqualTo(State.initial("main").tunnels());
  }

  @Test
  void everyPossibleStepHasWords() {
    for (TunnelStage stage : TunnelStage.values()) {
      for (Signal signal : TUNNEL.row(stage).keySet()) {
        State.Tunnels before = new State.Tunnels(stage, "wg1");
        check(Steps.tunnel(before, before.after(signal)));
      }
    }
    for (AuthorityStage stage : AuthorityStage.values()) {
      for (Signal signal : AUTHORITIES.row(stage).keySet()) {
        State.Authorities before = new State.Authorities(stage, 3);
        check(Steps.authorities(before, before.after(signal)));
      }
    }
    for (OperatorStage stage : OperatorStage.values()) {
      for (Signal signal : OPERATOR.row(stage).keySet()) {
        check(Steps.operator("anna", stage, stage.on(signal).stageOrThrow()));
      }
    }
    check(Steps.certificates());
  }

  @Test
  void whateverDropsTheOldAsksWhetherEveryHostIsReady() {
    State.Tunnels preferred = new State.Tunnels(TunnelStage.PREFERRED, "wg0");
    assertThat(Steps.tunnel(preferred, preferred.after(Signal.ADVANCE)).before())
        .isEqualTo("Every host sends by wg1 by now: one that does not would lose its tunnel.");
    State.Authorities issued = new State.Authorities(AuthorityStage.ISSUED, 1);
    assertThat(Steps.authorities(issued, issued.after(Signal.ADVANCE)).before())
        .startsWith("Every host and every operator has the new certificates by now");
  }

  @Test
  void theStateSurvivesItsTextForm() {
    State state =
        State.initial("main")
            .with(new State.Tunnels(TunnelStage.PREFERRED, "wg1"))
            .with(new State.Authorities(AuthorityStage.TRUSTED, 4))
            .withTunnelKey("wg0 alpha", "abc=")
            .withTunnelKey("wg1 alpha/beta", "0123")
            .with(
                new State.Issued(
                    4, Kind.OPERATOR, "anna", "4f00", Instant.parse("2027-01-01T00:00:00Z")))
            .withOperator("anna", OperatorStage.ISSUED)
            .withRevoked(ImmutableList.of("b", "a"))
            .with(
                Ensemble.NONE.withId("gone", 1).withId("alpha", 2).withVoter("alpha", "10.0.0.1"));
    String text = StateFormat.text(state);
    assertThat(StateFormat.parse(text)).isEqualTo(state);
    assertThat(StateFormat.text(StateFormat.parse(text))).isEqualTo(text);
    assertThat(text.lines())
        .contains(
            "understudy-authority 1",
            "cluster main",
            "tunnel preferred wg1",
            "certificates trusted 4",
            "operator anna issued",
            "key wg0 alpha abc=",
            "issued 4 operator anna 4f00 2027-01-01T00:00:00Z",
            "revoked a",
            "server alpha 2",
            "voter alpha 10.0.0.1");
  }

  @Test
  void aLineThatMakesNoSenseIsNamed() {
    for (String line : ImmutableList.of("tunnel steady wg7", "issued x", "key wg0", "hello")) {
      assertThatThrownBy(() -> StateFormat.parse("understudy-authority 1\ncluster main\n" + line))
          .hasMessage("line 3 cannot be understood");
    }
    assertThatThrownBy(() -> StateFormat.parse("understudy-authority 1\n"))
        .hasMessage("it does not name its cluster");
    assertThatThrownBy(
            () -> StateFormat.parse("understudy-authority 1\ncluster main\nserver a 1\nserver b 1"))
        .hasMessage("line 4 cannot be understood");
  }

  @Test
  void theTablesKnowEveryStage() {
    Set<Signal> all = EnumSet.allOf(Signal.class);
    assertThat(Sets.difference(all, TUNNEL.columnKeySet())).containsExactly(Signal.REVOKE);
    assertThat(TUNNEL.rowKeySet()).containsExactlyInAnyOrder(TunnelStage.values());
    assertThat(AUTHORITIES.rowKeySet()).containsExactlyInAnyOrder(AuthorityStage.values());
    assertThat(OPERATOR.rowKeySet()).containsExactlyInAnyOrder(OperatorStage.values());
  }

  private static <S> void check(Verdict<S> verdict, @Nullable S expected) {
    switch (verdict) {
      case Verdict.Go<S>(S stage) -> assertThat(stage).isEqualTo(expected);
      case Verdict.Refused<S>(String sentence) -> {
        assertThat(expected).as(sentence).isNull();
        assertThat(sentence).endsWith(".").hasSizeGreaterThan(40);
      }
    }
  }

  private static void check(Step step) {
    assertThat(step.will()).endsWith(".");
    assertThat(step.next()).endsWith(".").contains("understudy cluster");
  }
}

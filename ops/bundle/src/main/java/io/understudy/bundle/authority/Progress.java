package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/**
 * Where one rotation stands.
 *
 * @param what e.g. {@code tunnel}, {@code authorities}, {@code operator anna}
 * @param stage {@code steady}, or how far it has come
 * @param meaning what is in use
 * @param next the command that goes on; empty when nothing is under way
 */
@Immutable
public record Progress(String what, String stage, String meaning, String next) {
  static ImmutableList<Progress> of(State state) {
    ImmutableList.Builder<Progress> all = ImmutableList.builder();
    all.add(tunnel(state.tunnels()), authorities(state.authorities()));
    state
        .operators()
        .forEach((name, stage) -> {
          if (stage != OperatorStage.STEADY) {
            all.add(operator(name, stage));
          }
        });
    return all.build();
  }

  private static Progress tunnel(State.Tunnels tunnels) {
    String old = tunnels.current();
    String fresh = tunnels.other();
    String again = "understudy cluster rotate wireguard";
    return switch (tunnels.stage()) {
      case STEADY -> new Progress("tunnel", tunnels.stage().word(), old + " alone", "");
      case INTRODUCED ->
          new Progress(
              "tunnel", tunnels.stage().word(), old + " preferred, " + fresh + " beside it", again);
      case PREFERRED ->
          new Progress(
              "tunnel", tunnels.stage().word(), fresh + " preferred, " + old + " beside it", again);
    };
  }

  private static Progress authorities(State.Authorities authorities) {
    int old = authorities.current();
    int fresh = old + 1;
    String again = "understudy cluster rotate certificates --authorities";
    String stage = authorities.stage().word();
    return switch (authorities.stage()) {
      case STEADY -> new Progress("authorities", stage, old + " alone", "");
      case TRUSTED ->
          new Progress(
              "authorities", stage, "both trusted, " + old + " issues, " + fresh + " waits", again);
      case ISSUED ->
          new Progress("authorities", stage, "both trusted, " + fresh + " issues", again);
    };
  }

  private static Progress operator(String name, OperatorStage stage) {
    return new Progress(
        "operator " + name,
        stage.word(),
        stage == OperatorStage.REVOKED ? "no certificate counts" : "old and new certificates count",
        "understudy cluster rotate operator " + name);
  }
}

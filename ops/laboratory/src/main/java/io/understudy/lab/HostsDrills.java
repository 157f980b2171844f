package io.understudy.lab;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Drills of every kind, as an operator runs them from the operator host. */
final class HostsDrills {
  private static final ImmutableList<String> KINDS =
      ImmutableList.of("login-only", "switchover", "gateway-crash", "crash", "partition");
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Duration FREE_LIMIT = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private HostsDrills() {}

  /** Each passes, and leaves the cluster serving and nothing cut. */
  static String everyKind(HostsScene scene) {
    List<String> took = new ArrayList<>();
    for (String kind : KINDS) {
      var _ = scene.settled();
      awaitNothingAgainst(scene, kind);
      Duration wall =
          scene
              .operator()
              .types(
                  0,
                  LIMIT,
                  "drill",
                  "run",
                  "--kind=" + kind,
                  "--reason=practice",
                  "--yes",
                  "--overrule=RECENT_TAKEOVER",
                  "--report=/root/drills")
              .wall();
      scene.judge();
      var _ = scene.settled();
      scene.world().nodes().forEach(HostsDrills::expectNothingCut);
      took.add(kind + " " + Narrator.seconds(wall));
    }
    return Joiner.on(", ").join(took);
  }

  /** What an earlier fault has left behind in the nodes' sight passes: a server that was away. */
  private static void awaitNothingAgainst(HostsScene scene, String kind) {
    String[] said = {""};
    boolean free =
        Waiting.until(
            FREE_LIMIT,
            PAUSE,
            () -> {
              CommandLine.Ran plan =
                  scene
                      .operator()
                      .typesAnyhow(
                          FREE_LIMIT,
                          "drill",
                          "plan",
                          "--kind=" + kind,
                          "--overrule=RECENT_TAKEOVER");
              said[0] = plan.output();
              return plan.exitCode() == 0;
            });
    if (!free) {
      throw new LabException("A drill may not begin: " + said[0]);
    }
  }

  private static void expectNothingCut(DebianHost node) {
    String cuts =
        node.shell("nft list set inet understudy_drill cut 2>/dev/null | grep expires || true");
    if (!cuts.isEmpty()) {
      throw new LabException("The tunnels of %s are still cut: %s".formatted(node.id(), cuts));
    }
  }
}

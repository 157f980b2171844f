package io.understudy.bundle.authority;

/** What the steps of rotations are called, by the stages that they lie between. Pure. */
final class Steps {
  private static final String TUNNEL = "`understudy cluster rotate wireguard`";
  private static final String AUTHORITIES =
      "`understudy cluster rotate certificates --authorities`";

  private Steps() {}

  static Step tunnel(State.Tunnels before, State.Tunnels after) {
    String old = before.current();
    String fresh = before.other();
    return switch (after.stage()) {
      case INTRODUCED ->
          before.stage() == TunnelStage.STEADY
              ? Step.of(
                  "New keys are made for a second interface, %s. All traffic stays on %s."
                      .formatted(fresh, old),
                  "%s; %s listens on %s. See that it has handshakes (`wg show %s`), then run %s again."
                      .formatted(Step.EVERYWHERE, fresh, port(fresh), fresh, TUNNEL))
              : Step.of(
                  "Hosts send by %s again; %s stays beside it.".formatted(old, fresh),
                  "%s. Then run %s to go on, or with --abort to drop %s."
                      .formatted(Step.EVERYWHERE, TUNNEL, fresh));
      case PREFERRED ->
          new Step(
              "Every host has %s by now, with fresh handshakes.".formatted(fresh),
              "Hosts send by %s. %s stays beside it, for those that still send by it."
                  .formatted(fresh, old),
              "%s. Then run %s again.".formatted(Step.EVERYWHERE, TUNNEL));
      case STEADY -> alone(before, after);
    };
  }

  private static Step alone(State.Tunnels before, State.Tunnels after) {
    String kept = after.current();
    String dropped = after.other();
    String end = Step.EVERYWHERE + ". That ends the rotation.";
    return before.stage() == TunnelStage.PREFERRED
        ? new Step(
            "Every host sends by %s by now: one that does not would lose its tunnel."
                .formatted(kept),
            "%s is dropped, and its keys are deleted.".formatted(dropped),
            end)
        : new Step(
            "Every host sends by %s, as it did before the rotation.".formatted(kept),
            "%s is dropped, and its keys are deleted.".formatted(dropped),
            end);
  }

  static Step authorities(State.Authorities before, State.Authorities after) {
    return switch (after.stage()) {
      case TRUSTED ->
          Step.of(
              "New authorities are made, number %d. Hosts trust them besides the old ones, which go on issuing."
                  .formatted(after.current() + 1),
              "%s. Then run %s again.".formatted(Step.EVERYWHERE, AUTHORITIES));
      case ISSUED ->
          new Step(
              "Every host trusts authorities %d by now.".formatted(after.current() + 1),
              "All certificates are issued anew by authorities %d. Those of the old ones are still trusted."
                  .formatted(after.current() + 1),
              "%s. Then run %s again.".formatted(Step.EVERYWHERE, AUTHORITIES));
      case STEADY ->
          before.stage() == AuthorityStage.ISSUED
              ? new Step(
                  "Every host and every operator has the new certificates by now: old ones would no longer be trusted.",
                  "Authorities %d are trusted no longer, and their keys and certificates are deleted."
                      .formatted(before.current()),
                  Step.EVERYWHERE + ". That ends the rotation.")
              : Step.of(
                  "The new authorities are dropped; they have issued nothing.",
                  Step.EVERYWHERE + ". That ends the rotation.");
    };
  }

  static Step operator(String name, OperatorStage before, OperatorStage after) {
    String again = "`understudy cluster rotate operator " + name + "`";
    return switch (after) {
      case ISSUED ->
          Step.of(
              "%s gets a new certificate. The former one still counts.".formatted(name),
              "Run `understudy cluster render`, install the bundle of %s's host, and see that `understudy status` works there. Then run %s again."
                  .formatted(name, again));
      case STEADY ->
          before == OperatorStage.ISSUED
              ? new Step(
                  "%s uses the new certificate by now.".formatted(name),
                  "All former certificates of %s are revoked.".formatted(name),
                  "Run `understudy cluster render` and install the bundles of the nodes, which refuse them from then on.")
              : Step.of(
                  "%s gets a new certificate. The revoked ones stay revoked.".formatted(name),
                  "Run `understudy cluster render` and install the bundle of %s's host."
                      .formatted(name));
      case REVOKED ->
          Step.of(
              "All certificates of %s are revoked, and none is issued.".formatted(name),
              "Run `understudy cluster render` and install the bundles of the nodes at once: each refuses %s from then on. For a new certificate run %s."
                  .formatted(name, again));
    };
  }

  static Step certificates() {
    return Step.of(
        "All certificates are issued anew by the same authorities. The former ones go on counting"
            + " until they expire.",
        Step.EVERYWHERE + ". That ends the rotation.");
  }

  private static String port(String interfaceName) {
    return interfaceName.equals(State.Tunnels.FIRST)
        ? "the port of each host's endpoint itself"
        : "the port after that of each host's endpoint, which firewalls of providers have to let"
            + " through";
  }
}

package io.understudy.bundle.authority;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.understudy.bundle.cluster.ClusterFile;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Carries out what {@link Steps} plans.
 *
 * <p>What a new stage needs is made before the state names it, and what it no longer needs is
 * deleted after. An interrupted command therefore has taken the step or has not, and is repeated:
 * leftovers that the state does not name are deleted before something new takes their place.
 */
final class Rotations {
  private final Memory memory;
  private final TunnelStore tunnels;
  private final CertificateStore certificates;

  Rotations(Memory memory, TunnelStore tunnels, CertificateStore certificates) {
    this.memory = memory;
    this.tunnels = tunnels;
    this.certificates = certificates;
  }

  /** What would happen; throws when it makes no sense now. */
  Step plan(Rotation rotation, Signal signal, ClusterFile cluster) {
    State state = memory.state();
    return switch (rotation) {
      case Rotation.TunnelKeySet() -> Steps.tunnel(state.tunnels(), state.tunnels().after(signal));
      case Rotation.Authorities() ->
          Steps.authorities(state.authorities(), state.authorities().after(signal));
      case Rotation.Certificates() -> {
        requireRenewal(signal);
        requireUnchangedRoles(cluster);
        yield Steps.certificates();
      }
      case Rotation.OperatorCertificate(String name) -> {
        OperatorStage stage = state.operator(name);
        OperatorStage next = stage.on(signal).stageOrThrow();
        requireKnown(name, signal, cluster);
        yield Steps.operator(name, stage, next);
      }
    };
  }

  void carryOut(Rotation rotation, Signal signal, ClusterFile cluster, Instant now) {
    var _ = plan(rotation, signal, cluster);
    switch (rotation) {
      case Rotation.TunnelKeySet() -> tunnel(memory.state().tunnels().after(signal));
      case Rotation.Authorities() -> authorities(memory.state().authorities().after(signal), now);
      case Rotation.Certificates() -> renew(cluster, now);
      case Rotation.OperatorCertificate(String name) -> operator(name, signal, cluster, now);
    }
  }

  /** Revokes a single certificate of an operator. */
  Step planRevocation(String operator, String named) {
    ImmutableSet<String> known = memory.state().serialsOf(operator);
    String serial = plain(named);
    if (known.isEmpty()) {
      throw new AuthorityException("%s never had a certificate.".formatted(operator));
    }
    if (!known.contains(serial)) {
      throw new AuthorityException(
          "%s has no certificate with the serial %s (expected: one of %s)."
              .formatted(operator, serial, String.join(", ", known)));
    }
    return Step.of(
        "The certificate %s of %s is revoked.".formatted(serial, operator),
        "Run `understudy cluster render` and install the bundles of the nodes at once: each refuses"
            + " it from then on.");
  }

  void revoke(String operator, String named) {
    var _ = planRevocation(operator, named);
    String serial = plain(named);
    State state = memory.state();
    State after = state.withRevoked(ImmutableList.of(serial));
    // A revoked certificate must not be rendered as if it were good, nor replaced unasked.
    memory.save(
        present(state, operator).equals(Optional.of(serial))
                || after.revoked().containsAll(after.serialsOf(operator))
            ? after.withOperator(operator, OperatorStage.REVOKED)
            : after);
  }

  private void tunnel(State.Tunnels after) {
    State state = memory.state();
    ImmutableSet<String> had = ImmutableSet.copyOf(state.tunnels().interfaces());
    ImmutableSet<String> has = ImmutableSet.copyOf(after.interfaces());
    Sets.difference(has, had).forEach(tunnels::delete);
    State changed = state.with(after);
    for (String dropped : Sets.difference(had, has)) {
      changed = changed.withoutTunnelKeys(dropped);
    }
    memory.save(changed);
    Sets.difference(had, has).forEach(tunnels::delete);
  }

  private void authorities(State.Authorities after, Instant now) {
    State state = memory.state();
    ImmutableSet<Integer> had = ImmutableSet.copyOf(state.authorities().trusted());
    ImmutableSet<Integer> has = ImmutableSet.copyOf(after.trusted());
    for (int added : Sets.difference(has, had)) {
      certificates.delete(added);
      certificates.create(state.cluster(), added, now);
    }
    memory.save(state.with(after));
    Sets.difference(had, has).forEach(certificates::delete);
  }

  private void renew(ClusterFile cluster, Instant now) {
    State state = memory.state();
    for (Leaf leaf : wanted(state, cluster)) {
      state = certificates.issue(state, leaf, now).state();
    }
    memory.save(state);
  }

  private void operator(String name, Signal signal, ClusterFile cluster, Instant now) {
    State state = memory.state();
    OperatorStage stage = state.operator(name);
    OperatorStage next = stage.on(signal).stageOrThrow();
    State after = state.withOperator(name, next);
    memory.save(
        switch (next) {
          case REVOKED -> after.withRevoked(state.serialsOf(name));
          case ISSUED -> certificates.issue(after, leaf(name, cluster), now).state();
          case STEADY ->
              stage == OperatorStage.ISSUED
                  ? after.withRevoked(former(state, name))
                  : certificates
                      .issue(after.withRevoked(state.serialsOf(name)), leaf(name, cluster), now)
                      .state();
        });
  }

  /** All certificates of an operator but the present one. */
  private ImmutableSet<String> former(State state, String operator) {
    Optional<String> present = present(state, operator);
    if (present.isEmpty()) {
      throw new AuthorityException(
          "The new certificate of %s cannot be found, so the former ones cannot be told from it: restore the authority from a backup, or run `understudy cluster revoke operator %s`."
              .formatted(operator, operator));
    }
    return state.serialsOf(operator).stream()
        .filter(serial -> !serial.equals(present.get()))
        .collect(ImmutableSet.toImmutableSet());
  }

  private Optional<String> present(State state, String operator) {
    return certificates
        .peek(Kind.OPERATOR, operator, state.authorities().issuing())
        .map(KeyedCertificate::serial);
  }

  /** The certificates of the cluster, without those of operators who get none. */
  static ImmutableList<Leaf> wanted(State state, ClusterFile cluster) {
    return Leaf.of(cluster).stream()
        .filter(leaf ->
            leaf.kind() != Kind.OPERATOR || state.operator(leaf.name()) != OperatorStage.REVOKED)
        .collect(ImmutableList.toImmutableList());
  }

  private static Leaf leaf(String operator, ClusterFile cluster) {
    return Leaf.of(cluster).stream()
        .filter(leaf -> leaf.kind() == Kind.OPERATOR && leaf.name().equals(operator))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no operator " + operator));
  }

  /** A serial as the state has it, from the forms in which tools print it: {@code 0A:1B}. */
  private static String plain(String serial) {
    String digits = serial.replace(":", "").toLowerCase(Locale.ROOT);
    return CharMatcher.is('0').trimLeadingFrom(digits);
  }

  private static void requireRenewal(Signal signal) {
    if (signal != Signal.ADVANCE) {
      throw new AuthorityException(
          "Certificates that were issued anew count besides the former ones: there is nothing to"
              + " abort.");
    }
  }

  /** Or a certificate with the former role would go on counting. */
  private void requireUnchangedRoles(ClusterFile cluster) {
    State state = memory.state();
    for (Leaf leaf : wanted(state, cluster)) {
      if (leaf.kind() == Kind.OPERATOR
          && certificates
              .peek(leaf.kind(), leaf.name(), state.authorities().issuing())
              .filter(each -> !state.revoked().contains(each.serial()))
              .map(KeyedCertificate::certificate)
              .filter(each ->
                  !each.getSubjectX500Principal().equals(CertificateAuthority.subject(leaf)))
              .isPresent()) {
        throw new AuthorityException(
            "The role of %s has changed, and the certificate with the former role must not go on counting: run `understudy cluster rotate operator %s` first."
                .formatted(leaf.name(), leaf.name()));
      }
    }
  }

  private void requireKnown(String name, Signal signal, ClusterFile cluster) {
    boolean issued = !memory.state().serialsOf(name).isEmpty();
    boolean present = cluster.operators().containsKey(name);
    if (signal == Signal.REVOKE ? issued : issued && present) {
      return;
    }
    throw new AuthorityException(
        present
            ? "%s has no certificate yet: run `understudy cluster render`, which makes it."
                .formatted(name)
            : "There is no operator %s in the cluster file (expected: one of %s)."
                .formatted(name, String.join(", ", cluster.operators().keySet())));
  }
}

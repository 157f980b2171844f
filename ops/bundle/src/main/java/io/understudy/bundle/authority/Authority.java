package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableTable;
import io.understudy.bundle.cluster.ClusterFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The folder of a cluster's keys and certificates, open to its owner only (folders 0700, files
 * 0600), and to one command at a time.
 *
 * <pre>
 * state                                what was made, how far rotations have come; no secrets
 * lock                                 held by the command that works here
 * tunnel/wg0/hosts/HOST.key            WireGuard's private key of a host
 * tunnel/wg0/pairs/HOST.HOST.key       pre-shared key of two hosts
 * api/1/authority.pem                  key and certificate of the API's authority, generation 1
 * api/1/nodes/HOST.pem                 key and certificate of a node
 * api/1/operators/NAME.pem             the same of an operator
 * coordination/1/authority.pem         the authority of ZooKeeper's servers and clients
 * coordination/1/clients/HOST.pem      a node towards ZooKeeper
 * coordination/1/servers/HOST.pem      a ZooKeeper server
 * </pre>
 *
 * <p>What was made is kept. A file that is missing, damaged or open to others is reported and never
 * replaced, because hosts use what it held. Files of hosts and operators that left the cluster stay
 * where they are, but are never used again: who comes back gets new ones.
 *
 * <p>Files are written before the state that remembers them, so a command that is interrupted
 * leaves a file that the next one takes over.
 */
public final class Authority implements AutoCloseable {
  private static final String STATE = "state";

  private final Folder folder;
  private final InstantSource clock;
  private final Memory memory;
  private final TunnelStore tunnels;
  private final CertificateStore certificates;
  private final Rotations rotations;

  private Authority(Folder folder, InstantSource clock, Memory memory) {
    this.folder = folder;
    this.clock = clock;
    this.memory = memory;
    this.tunnels = new TunnelStore(folder);
    this.certificates = new CertificateStore(folder);
    this.rotations = new Rotations(memory, tunnels, certificates);
  }

  /**
   * Makes the folder of a new cluster, with its certificate authorities.
   *
   * @throws AuthorityException when there is something in it
   */
  public static Authority create(Path path, String cluster, InstantSource clock) {
    Folder folder = Folder.create(path);
    try {
      State state = State.initial(cluster);
      new CertificateStore(folder).create(cluster, state.authorities().current(), clock.instant());
      return new Authority(folder, clock, Memory.create(folder, state));
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /**
   * Opens the folder of a cluster.
   *
   * @throws AuthorityException when it belongs to another cluster, is damaged, open to others or in
   *     use
   */
  public static Authority open(Path path, String cluster, InstantSource clock) {
    Folder folder = Folder.open(path);
    try {
      Memory memory = Memory.open(folder);
      State state = memory.state();
      if (!state.cluster().equals(cluster)) {
        throw new AuthorityException(
            "%s holds the keys of cluster '%s', and the cluster file describes '%s': name the right folder with --authority."
                .formatted(path, state.cluster(), cluster));
      }
      return new Authority(folder, clock, memory);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** Whether there is something at that path that {@link #open} would look at. */
  public static boolean exists(Path path) {
    return Files.exists(path.resolve(STATE));
  }

  /**
   * Everything that bundles need, while the voters stay who they are.
   *
   * @throws AuthorityException as {@link #material(ClusterFile, VoterChange)} does
   */
  public Material material(ClusterFile cluster) {
    return material(cluster, VoterChange.REFUSED);
  }

  /**
   * Everything that bundles need. Makes what the cluster's new hosts, pairs and operators lack, and
   * revokes and forgets what those had who left; the rest is as it was.
   *
   * @throws AuthorityException when a file is missing, damaged or open to others, when a
   *     certificate no longer fits the cluster file, or when other hosts vote than before and that
   *     was not allowed
   */
  public Material material(ClusterFile cluster, VoterChange voters) {
    requireOwn(cluster);
    Ensemble ensemble = memory.state().ensemble();
    if (voters == VoterChange.REFUSED && ensemble.changesWith(cluster)) {
      throw new AuthorityException(ensemble.refusal(cluster));
    }
    Kept<Material> drawn = drawn(cluster, tunnels, certificates);
    memory.save(drawn.state());
    return drawn.value();
  }

  /**
   * What {@link #material(ClusterFile, VoterChange)} would give, changing nothing.
   *
   * @throws AuthorityException as it would, but for other voters
   */
  public Preview preview(ClusterFile cluster) {
    requireOwn(cluster);
    Ensemble ensemble = memory.state().ensemble();
    Draft draft = new Draft(folder);
    Kept<Material> drawn = drawn(cluster, new TunnelStore(draft), new CertificateStore(draft));
    Optional<String> refusal =
        ensemble.changesWith(cluster) ? Optional.of(ensemble.refusal(cluster)) : Optional.empty();
    return Preview.of(memory.state(), drawn, refusal);
  }

  private Kept<Material> drawn(
      ClusterFile cluster, TunnelStore tunnels, CertificateStore certificates) {
    Instant now = clock.instant();
    State state = memory.state();
    State after = state.withoutThoseWhoLeft(cluster).with(state.ensemble().of(cluster));
    ImmutableList.Builder<TunnelKeys> keys = ImmutableList.builder();
    for (String interfaceName : state.tunnels().interfaces()) {
      Kept<TunnelKeys> kept = tunnels.keys(after, interfaceName, cluster);
      after = kept.state();
      keys.add(kept.value());
    }
    ImmutableTable.Builder<Kind, String, Identity> identities = ImmutableTable.builder();
    for (Leaf leaf : Rotations.wanted(state, cluster)) {
      Kept<Identity> kept = certificates.leaf(after, leaf, now);
      after = kept.state();
      identities.put(leaf.kind(), leaf.name(), kept.value());
    }
    ImmutableTable<Kind, String, Identity> made = identities.build();
    Material material =
        new Material(
            keys.build(),
            trust(Scope.API),
            trust(Scope.COORDINATION),
            made.row(Kind.NODE),
            made.row(Kind.CLIENT),
            made.row(Kind.SERVER),
            made.row(Kind.OPERATOR),
            after.revokedAtApi(),
            after.ensemble().serverIds());
    return new Kept<>(after, material);
  }

  /**
   * What a step of a rotation would do.
   *
   * @throws AuthorityException when the step makes no sense now
   */
  public Step plan(Rotation rotation, Signal signal, ClusterFile cluster) {
    requireOwn(cluster);
    return rotations.plan(rotation, signal, cluster);
  }

  /**
   * Takes a step of a rotation, and makes what its stage needs.
   *
   * @throws AuthorityException when the step makes no sense now, or when all keys or authorities
   *     are to be replaced and {@link #material} is refused as things are; nothing was changed
   */
  public void carryOut(Rotation rotation, Signal signal, ClusterFile cluster) {
    requireOwn(cluster);
    switch (rotation) {
      case Rotation.TunnelKeySet _, Rotation.Authorities _ -> {
        var _ = material(cluster);
        rotations.carryOut(rotation, signal, cluster, clock.instant());
        var _ = material(cluster);
      }
      // These two are the remedy for certificates that do not fit.
      case Rotation.Certificates _, Rotation.OperatorCertificate _ ->
          rotations.carryOut(rotation, signal, cluster, clock.instant());
    }
  }

  /**
   * What the revocation of a single certificate of an operator would do; for all of them: {@link
   * Signal#REVOKE}.
   *
   * @throws AuthorityException when he has no such certificate
   */
  public Step planRevocation(String operator, String serial) {
    return rotations.planRevocation(operator, serial);
  }

  /** Revokes a single certificate of an operator. */
  public void revoke(String operator, String serial) {
    rotations.revoke(operator, serial);
  }

  /** Where all rotations stand. */
  public ImmutableList<Progress> progress() {
    return Progress.of(memory.state());
  }

  @Override
  public void close() {
    folder.close();
  }

  private String trust(Scope scope) {
    StringBuilder pem = new StringBuilder();
    for (int generation : memory.state().authorities().trusted()) {
      pem.append(Pem.certificate(certificates.authority(scope, generation).own().certificate()));
    }
    return pem.toString();
  }

  private void requireOwn(ClusterFile cluster) {
    if (!cluster.name().equals(memory.state().cluster())) {
      throw new IllegalArgumentException(
          "the folder of cluster "
              + memory.state().cluster()
              + " was opened, not of "
              + cluster.name());
    }
  }
}

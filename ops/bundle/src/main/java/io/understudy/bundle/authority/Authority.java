package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.ImmutableTable;
import io.understudy.bundle.cluster.ClusterFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

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
 * where they are.
 *
 * <p>Files are written before the state that remembers them, so a command that is interrupted
 * leaves a file that the next one takes over.
 */
public final class Authority implements AutoCloseable {
  static final String STATE = "state";

  private final Folder folder;
  private final InstantSource clock;
  private final TunnelStore tunnels;
  private final CertificateStore certificates;
  private State state;

  private Authority(Folder folder, InstantSource clock, State state) {
    this.folder = folder;
    this.clock = clock;
    this.tunnels = new TunnelStore(folder);
    this.certificates = new CertificateStore(folder);
    this.state = state;
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
      folder.write(STATE, StateFormat.text(state));
      return new Authority(folder, clock, state);
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
      State state = read(folder);
      if (!state.cluster().equals(cluster)) {
        throw new AuthorityException(
            "%s holds the keys of cluster '%s', and the cluster file describes '%s': name the right folder with --authority."
                .formatted(path, state.cluster(), cluster));
      }
      return new Authority(folder, clock, state);
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
   * Everything that bundles need. Makes what the cluster's new hosts, pairs and operators lack; the
   * rest is as it was.
   *
   * @throws AuthorityException when a file is missing, damaged or open to others, or when a
   *     certificate no longer fits the cluster file
   */
  public Material material(ClusterFile cluster) {
    requireOwn(cluster);
    Instant now = clock.instant();
    State after = state;
    ImmutableList.Builder<TunnelKeys> keys = ImmutableList.builder();
    for (String interfaceName : state.tunnels().interfaces()) {
      Kept<TunnelKeys> kept = tunnels.keys(after, interfaceName, cluster);
      after = kept.state();
      keys.add(kept.value());
    }
    Issuers issuers = issuers();
    ImmutableTable.Builder<Kind, String, Identity> identities = ImmutableTable.builder();
    for (Leaf leaf : wanted(cluster)) {
      Kept<Identity> kept = certificates.leaf(after, leaf, issuers.of(leaf.kind().scope()), now);
      after = kept.state();
      identities.put(leaf.kind(), leaf.name(), kept.value());
    }
    ImmutableTable<Kind, String, Identity> made = identities.build();
    save(after);
    return new Material(
        keys.build(),
        trust(Scope.API),
        trust(Scope.COORDINATION),
        made.row(Kind.NODE),
        made.row(Kind.CLIENT),
        made.row(Kind.SERVER),
        made.row(Kind.OPERATOR),
        revoked(cluster));
  }

  @Override
  public void close() {
    folder.close();
  }

  /** The certificates of the cluster, without those of operators who get none. */
  private ImmutableList<Leaf> wanted(ClusterFile cluster) {
    return Leaf.of(cluster).stream()
        .filter(leaf ->
            leaf.kind() != Kind.OPERATOR || state.operator(leaf.name()) != OperatorStage.REVOKED)
        .collect(ImmutableList.toImmutableList());
  }

  /** What was revoked, and what nodes and operators hold who are no longer of the cluster. */
  private ImmutableList<String> revoked(ClusterFile cluster) {
    ImmutableSortedSet.Builder<String> serials =
        ImmutableSortedSet.<String>naturalOrder().addAll(state.revoked());
    for (State.Issued each : state.issued()) {
      boolean gone =
          switch (each.kind()) {
            case NODE -> cluster.nodes().stream().noneMatch(node -> node.id().equals(each.name()));
            case OPERATOR -> !cluster.operators().containsKey(each.name());
            case CLIENT, SERVER -> false;
          };
      if (gone) {
        serials.add(each.serial());
      }
    }
    return serials.build().asList();
  }

  private String trust(Scope scope) {
    StringBuilder pem = new StringBuilder();
    for (int generation : state.authorities().trusted()) {
      pem.append(Pem.certificate(certificates.authority(scope, generation).own().certificate()));
    }
    return pem.toString();
  }

  private Issuers issuers() {
    int generation = state.authorities().issuing();
    return new Issuers(
        certificates.authority(Scope.API, generation),
        certificates.authority(Scope.COORDINATION, generation));
  }

  private void requireOwn(ClusterFile cluster) {
    if (!cluster.name().equals(state.cluster())) {
      throw new IllegalArgumentException(
          "the folder of cluster " + state.cluster() + " was opened, not of " + cluster.name());
    }
  }

  private void save(State changed) {
    if (!changed.equals(state)) {
      folder.write(STATE, StateFormat.text(changed));
      state = changed;
    }
  }

  /** The authorities that issue now. */
  private record Issuers(CertificateAuthority api, CertificateAuthority coordination) {
    CertificateAuthority of(Scope scope) {
      return switch (scope) {
        case API -> api;
        case COORDINATION -> coordination;
      };
    }
  }

  private static State read(Folder folder) {
    String text =
        folder
            .read(STATE)
            .orElseThrow(() ->
                new AuthorityException(
                    folder.path(STATE)
                        + " is missing: name the authority's folder with --authority, or restore"
                        + " it from a backup."));
    try {
      return StateFormat.parse(text);
    } catch (IllegalArgumentException e) {
      throw new AuthorityException(
          "%s cannot be used, %s: restore it from a backup."
              .formatted(folder.path(STATE), e.getMessage()));
    }
  }
}

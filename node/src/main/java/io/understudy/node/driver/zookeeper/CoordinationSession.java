package io.understudy.node.driver.zookeeper;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/**
 * One coordination session: the calls of one ZooKeeper handle as futures.
 *
 * <p>Curator's own calls are not used where something is decided: they retry behind one's back,
 * possibly in another session, and out of order. Here every answer belongs to this session, calls
 * are answered in the order in which they were made, and an answer that comes too late completes a
 * future that nobody reads any more.
 */
final class CoordinationSession {
  private final ZooKeeper handle;
  private final SessionId id;
  private final List<ACL> acl;
  private final String connect;

  CoordinationSession(ZooKeeper handle, List<ACL> acl, String connect) {
    this.handle = handle;
    this.id = new SessionId(handle.getSessionId());
    this.acl = acl;
    this.connect = connect;
  }

  SessionId id() {
    return id;
  }

  /** What reopens this session besides its id, in hexadecimal digits. */
  Secret password() {
    return Secret.of(HexFormat.of().formatHex(handle.getSessionPasswd()));
  }

  boolean owns(Stat stat) {
    return stat.getEphemeralOwner() == id.value();
  }

  /** Completes when this server has seen everything that was acknowledged before the call. */
  CompletableFuture<String> sync(String path) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    handle.sync(path, (rc, _, _) -> complete(answer, rc, path, path), null);
    return answer;
  }

  /** The names below the path; empty if the path does not exist. */
  CompletableFuture<Optional<List<String>>> children(String path) {
    CompletableFuture<Optional<List<String>>> answer = new CompletableFuture<>();
    handle.getChildren(
        path,
        false,
        (int rc, String _, Object _, List<String> names) ->
            completeIfPresent(answer, rc, path, names),
        null);
    return answer;
  }

  /** The value of the path; empty if the path does not exist. */
  CompletableFuture<Optional<StoredValue>> value(String path) {
    CompletableFuture<Optional<StoredValue>> answer = new CompletableFuture<>();
    handle.getData(
        path,
        false,
        (rc, _, _, bytes, stat) ->
            completeIfPresent(answer, rc, path, new StoredValue(path, bytes, stat)),
        null);
    return answer;
  }

  /**
   * The values of everything directly below the path, without what vanishes meanwhile; empty if the
   * path does not exist.
   */
  CompletableFuture<Optional<ImmutableList<StoredValue>>> valuesBelow(String path) {
    return children(path)
        .thenCompose(names ->
            names.isPresent()
                ? values(path, names.get()).thenApply(Optional::of)
                : CompletableFuture.completedFuture(Optional.empty()));
  }

  /** The values of these names below the path, without those that do not exist. */
  CompletableFuture<ImmutableList<StoredValue>> values(String path, List<String> names) {
    ImmutableList<CompletableFuture<Optional<StoredValue>>> values =
        names.stream().map(name -> value(path + "/" + name)).collect(toImmutableList());
    return CompletableFuture.allOf(values.toArray(new CompletableFuture<?>[0]))
        .thenApply(_ ->
            values.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .collect(toImmutableList()));
  }

  /** What ZooKeeper says of the path; empty if it does not exist. */
  CompletableFuture<Optional<Stat>> stat(String path) {
    CompletableFuture<Optional<Stat>> answer = new CompletableFuture<>();
    handle.exists(path, false, (rc, _, _, stat) -> completeIfPresent(answer, rc, path, stat), null);
    return answer;
  }

  CompletableFuture<Stat> setData(String path, byte[] bytes, int version) {
    CompletableFuture<Stat> answer = new CompletableFuture<>();
    handle.setData(
        path, bytes, version, (rc, _, _, stat) -> complete(answer, rc, path, stat), null);
    return answer;
  }

  /** Completes with the path that was made, which differs for a sequential one. */
  CompletableFuture<String> create(String path, byte[] bytes, CreateMode mode) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    handle.create(
        path,
        bytes,
        acl,
        mode,
        (int rc, String _, Object _, String name) -> complete(answer, rc, path, name),
        null);
    return answer;
  }

  /** Completes with whether there was something to delete. */
  CompletableFuture<Boolean> delete(String path) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    handle.delete(
        path,
        -1,
        (rc, _, _) -> {
          boolean missing = Code.get(rc) == Code.NONODE;
          complete(answer, missing ? Code.OK.intValue() : rc, path, !missing);
        },
        null);
    return answer;
  }

  Op createInTransaction(String path, byte[] bytes, CreateMode mode) {
    return Op.create(path, bytes, acl, mode);
  }

  /** All or nothing; fails with the code of the first operation that did not hold. */
  CompletableFuture<Integer> transaction(List<Op> operations) {
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    handle.multi(
        operations, (rc, path, _, _) -> complete(answer, rc, path, operations.size()), null);
    return answer;
  }

  /**
   * Waits for an answer of this session.
   *
   * @param purpose what was asked for, e.g. "renew the lease"
   * @throws DriverException if there was none in time: nothing is known
   * @throws KeeperException if the answer is an error
   */
  @CanIgnoreReturnValue
  <T> T await(CompletableFuture<T> answer, Deadline deadline, String purpose)
      throws DriverException, KeeperException {
    try {
      return answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw DriverException.transientError(
          "ZooKeeper at %s did not answer within %d ms when asked to %s"
              .formatted(connect, deadline.limit().toMillis(), purpose),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.transientError("Interrupted while asking ZooKeeper to " + purpose, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KeeperException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("A callback of ZooKeeper failed", e);
    }
  }

  /** As {@link #await}, with every error answer as a {@link DriverException}. */
  @CanIgnoreReturnValue
  <T> T awaitOrFail(CompletableFuture<T> answer, Deadline deadline, String purpose)
      throws DriverException {
    try {
      return await(answer, deadline, purpose);
    } catch (KeeperException e) {
      throw failure(e, purpose);
    }
  }

  /** One sentence for an error answer. */
  DriverException failure(KeeperException error, String purpose) {
    return switch (error.code()) {
      case NOAUTH, AUTHFAILED, INVALIDACL ->
          DriverException.permanentError(
              "ZooKeeper at %s refused this node's identity when asked to %s: the certificates that the nodes of a cluster show to ZooKeeper must carry the same subject name"
                  .formatted(connect, purpose),
              error);
      case CONNECTIONLOSS ->
          DriverException.transientError(
              "The connection to ZooKeeper at %s was lost when asked to %s"
                  .formatted(connect, purpose),
              error);
      case SESSIONEXPIRED ->
          DriverException.transientError(
              "Session %s had expired when ZooKeeper at %s was asked to %s"
                  .formatted(id, connect, purpose),
              error);
      default ->
          DriverException.transientError(
              "ZooKeeper at %s answered %s when asked to %s"
                  .formatted(connect, error.code(), purpose),
              error);
    };
  }

  private static <T> void completeIfPresent(
      CompletableFuture<Optional<T>> answer, int rc, String path, T value) {
    if (Code.get(rc) == Code.NONODE) {
      answer.complete(Optional.empty());
    } else if (Code.get(rc) == Code.OK) {
      answer.complete(Optional.of(value));
    } else {
      answer.completeExceptionally(KeeperException.create(Code.get(rc), path));
    }
  }

  private static <T> void complete(CompletableFuture<T> answer, int rc, String path, T value) {
    if (Code.get(rc) == Code.OK) {
      answer.complete(value);
    } else {
      answer.completeExceptionally(KeeperException.create(Code.get(rc), path));
    }
  }
}

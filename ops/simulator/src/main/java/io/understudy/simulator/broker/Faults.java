package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The faults in force. Guarded by the broker's lock. */
final class Faults {
  private static final int FAULTS_MAX = 100;

  private final Clock clock;
  private final List<Fault> faults = new ArrayList<>();

  Faults(Clock clock) {
    this.clock = clock;
  }

  void add(Fault fault) {
    dropSpent();
    if (faults.size() >= FAULTS_MAX) {
      throw new BadInputException("more than " + FAULTS_MAX + " faults; remove some first");
    }
    faults.add(fault);
  }

  void clear() {
    faults.clear();
  }

  void remove(Fault.Kind kind) {
    faults.removeIf(fault -> fault.kind() == kind);
  }

  boolean active(Fault.Kind kind) {
    return find(fault -> fault.kind() == kind).isPresent();
  }

  boolean activeFor(Fault.Kind kind, String user) {
    return find(fault -> fault.kind() == kind && fault.concernsUser(user)).isPresent();
  }

  Optional<Fault> find(Fault.Kind kind) {
    return find(fault -> fault.kind() == kind);
  }

  /** The variants of the login page in force. */
  List<String> pageVariants() {
    dropSpent();
    return faults.stream()
        .filter(fault -> fault.kind() == Fault.Kind.PAGE)
        .map(Fault::variant)
        .toList();
  }

  /** The first fault of the connection or of the status that concerns a call; used once by this. */
  Optional<Fault> takeFor(String fullPath, String relativePath, String source) {
    Optional<Fault> found =
        find(fault ->
            isTransport(fault.kind())
                && fault.concerns(source)
                && fault.concernsPath(fullPath, relativePath));
    found.ifPresent(Fault::use);
    return found;
  }

  ArrayNode toJson() {
    dropSpent();
    ArrayNode list = Json.array();
    faults.forEach(fault -> list.add(fault.toJson()));
    return list;
  }

  private static boolean isTransport(Fault.Kind kind) {
    return kind == Fault.Kind.HANG || kind == Fault.Kind.STATUS || kind == Fault.Kind.DROP;
  }

  private Optional<Fault> find(Predicate<Fault> wanted) {
    dropSpent();
    return faults.stream().filter(wanted).findFirst();
  }

  private void dropSpent() {
    Instant now = clock.instant();
    faults.removeIf(fault -> fault.spent(now));
  }
}

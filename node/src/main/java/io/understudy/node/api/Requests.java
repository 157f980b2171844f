package io.understudy.node.api;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.v1.FailoverRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.ReconcileRequest;
import io.understudy.v1.SetAutomationRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Checks what a request says and turns it into a command. Pure; everything else is checked by the
 * core.
 *
 * @param gateways those that exist
 */
record Requests(ImmutableSortedSet<GatewayId> gateways) {
  static final int REASON_MAX = 500;
  static final int ACCEPT_MAX = 200;
  private static final int ACCEPT_ID_MAX = 200;
  private static final int CODE_MAX = 16;
  private static final Pattern REQUEST_ID = Pattern.compile("[\\x21-\\x7e]{1,64}");
  private static final CharMatcher CONTROL = CharMatcher.javaIsoControl();

  /** Whether a command needs a reason. A dry run never does. */
  enum ReasonRule {
    REQUIRED,
    OPTIONAL
  }

  Command login(MutationRequest request, Caller caller) throws RefusedException {
    return new Command.Login(meta(request, caller, ReasonRule.REQUIRED));
  }

  Command logout(MutationRequest request, Caller caller) throws RefusedException {
    return new Command.Logout(meta(request, caller, ReasonRule.REQUIRED));
  }

  Command haltTrading(MutationRequest request, Caller caller) throws RefusedException {
    return new Command.HaltTrading(meta(request, caller, ReasonRule.REQUIRED));
  }

  Command resumeTrading(MutationRequest request, Caller caller) throws RefusedException {
    return new Command.ResumeTrading(meta(request, caller, ReasonRule.REQUIRED));
  }

  Command unlockLogins(MutationRequest request, Caller caller) throws RefusedException {
    return new Command.UnlockLogins(meta(request, caller, ReasonRule.REQUIRED));
  }

  Command failover(FailoverRequest request, Caller caller) throws RefusedException {
    Command.Meta meta = meta(request.getMutation(), caller, ReasonRule.REQUIRED);
    Optional<NodeId> target =
        request.getTarget().isEmpty()
            ? Optional.empty()
            : Optional.of(node("target", request.getTarget()));
    return new Command.Failover(meta, target, request.getForce());
  }

  Command reconcile(ReconcileRequest request, Caller caller) throws RefusedException {
    ImmutableList<String> accept = ImmutableList.copyOf(request.getAcceptList());
    check(
        accept.size() <= ACCEPT_MAX,
        "accept",
        "accept: " + accept.size() + " ids (expected: at most " + ACCEPT_MAX + ")");
    for (String id : accept) {
      check(
          !id.isBlank() && id.length() <= ACCEPT_ID_MAX && CONTROL.matchesNoneOf(id),
          "accept",
          "accept: an id is empty, too long or not printable (expected: ids of discrepancies)");
    }
    ReasonRule rule = accept.isEmpty() ? ReasonRule.OPTIONAL : ReasonRule.REQUIRED;
    return new Command.Reconcile(meta(request.getMutation(), caller, rule), accept);
  }

  Command setAutomation(SetAutomationRequest request, Caller caller) throws RefusedException {
    ReasonRule rule = request.getPaused() ? ReasonRule.REQUIRED : ReasonRule.OPTIONAL;
    return new Command.SetAutomation(
        meta(request.getMutation(), caller, rule), request.getPaused());
  }

  /** The id of a gateway that exists. */
  GatewayId gateway(String id) throws RefusedException {
    GatewayId gateway = parsed(id);
    if (!gateways.contains(gateway)) {
      throw new RefusedException(
          new Rejection.UnknownGateway(
              "There is no gateway '%s' (known: %s)".formatted(id, known())));
    }
    return gateway;
  }

  /** A one-time code as an operator types it; its value stands in no sentence. */
  static String code(String code) throws RefusedException {
    check(
        !code.isBlank()
            && code.length() <= CODE_MAX
            && CharMatcher.inRange('!', '~').matchesAllOf(code),
        "code",
        "code: not a one-time code (expected: 1 to " + CODE_MAX + " printable characters)");
    return code;
  }

  Command.Meta meta(MutationRequest request, Caller caller, ReasonRule rule)
      throws RefusedException {
    GatewayId gateway = gateway(request.getGateway());
    check(
        REQUEST_ID.matcher(request.getRequestId()).matches(),
        "request_id",
        "request_id: %s (expected: 1 to 64 printable characters without spaces)"
            .formatted(request.getRequestId().isEmpty() ? "missing" : "malformed"));
    return new Command.Meta(
        gateway,
        request.getRequestId(),
        epoch("expected_epoch", request.getExpectedEpoch()),
        reason(request, rule),
        caller.name(),
        request.getDryRun());
  }

  private static String reason(MutationRequest request, ReasonRule rule) throws RefusedException {
    String reason = request.getReason().strip();
    check(
        !reason.isEmpty() || rule == ReasonRule.OPTIONAL || request.getDryRun(),
        "reason",
        "reason: missing (expected: why, for the history)");
    check(
        reason.length() <= REASON_MAX,
        "reason",
        "reason: %d characters (expected: at most %d)".formatted(reason.length(), REASON_MAX));
    check(
        CONTROL.matchesNoneOf(reason),
        "reason",
        "reason: contains control characters (expected: one line of text)");
    return reason;
  }

  private static GatewayId parsed(String id) throws RefusedException {
    try {
      return new GatewayId(id);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          new Rejection.InvalidField(
              "gateway",
              "gateway: not a gateway's "
                  + "name (expected: 1 to 32 of a-z 0-9 -, beginning with a letter)"));
    }
  }

  static NodeId node(String field, String id) throws RefusedException {
    try {
      return new NodeId(id);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          new Rejection.InvalidField(
              field,
              field
                  + ": not a node's name (expected: 1 to 32 of a-z 0-9 -, beginning with a letter)"));
    }
  }

  static Epoch epoch(String field, long number) throws RefusedException {
    check(number >= 0, field, field + ": too large (expected: an epoch that was shown, or 0)");
    return new Epoch(number);
  }

  private String known() {
    return gateways.isEmpty()
        ? "none yet"
        : gateways.stream().map(GatewayId::value).collect(Collectors.joining(", "));
  }

  static void check(boolean holds, String field, String sentence) throws RefusedException {
    if (!holds) {
      throw new RefusedException(new Rejection.InvalidField(field, sentence));
    }
  }
}

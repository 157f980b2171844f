package io.understudy.node.core.gateway;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;
import java.util.Optional;

/**
 * One look at a gateway, from the process up to the brokerage session. Each part that could not be
 * learnt is {@code UNKNOWN}; a look never changes anything.
 *
 * @param process the gateway program
 * @param session what the gateway's own status says of the brokerage session
 * @param detail one sentence for people; never a secret
 * @param brokerClockOffset IBKR's clock (Date header) minus ours, where seen
 */
@Immutable
public record GatewayStatus(
    ProcessState process,
    SessionState session,
    String detail,
    Optional<Duration> brokerClockOffset) {
  public static final GatewayStatus UNSEEN =
      new GatewayStatus(
          ProcessState.UNKNOWN, SessionState.UNKNOWN, "Not looked at yet", Optional.empty());

  public static GatewayStatus of(ProcessState process, SessionState session, String detail) {
    return new GatewayStatus(process, session, detail, Optional.empty());
  }

  /** The gateway program of this node. */
  public enum ProcessState {
    UNKNOWN,
    /** No process, port closed: harmless. */
    STOPPED,
    /** The process runs and does not answer (yet). */
    STARTING,
    /** The process answers on its port. */
    LISTENING
  }

  /** The brokerage session, by the action table of the gateway's reference. */
  public enum SessionState {
    /** Timeout, 5xx, 429: transient. Never a reason for a login. */
    UNKNOWN,
    /** No single sign-on: logged out. */
    LOGGED_OUT,
    /** Logged in, and the brokerage session is lost or not up yet. */
    NOT_ESTABLISHED,
    /** Authenticated, connected, established, not competing: usable. */
    ESTABLISHED,
    /** Another login of the same username took or contends for the session. */
    COMPETING
  }

  public boolean usable() {
    return session == SessionState.ESTABLISHED;
  }

  /** Whether the program is known not to hold or open a brokerage session. */
  public boolean harmless() {
    return process == ProcessState.STOPPED || session == SessionState.LOGGED_OUT;
  }
}

package io.understudy.node.spi;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.login.LoginPermit;
import io.understudy.node.core.positions.Position;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One gateway program on this node and the brokerage session behind it.
 *
 * <p>Threads: {@link #probe} is called from one lane, {@link #start}, {@link #login}, {@link
 * #reopen}, {@link #logout}, {@link #positions} and {@link #account} from a second one (one call at
 * a time), and {@link #fence} from a third, at any moment, also while another call is under way: it
 * must cut that call short. Every method returns within its timeout (plus scheduling).
 *
 * <p>An implementation must never log in, re-open a brokerage session or retry a submission by
 * itself. It keeps no state that must survive a crash, except what it needs to find and end a
 * gateway process that a former life of the daemon left behind: that is done by the first {@link
 * #start} or {@link #fence}, whichever comes first.
 */
public interface GatewayDriver extends AutoCloseable {
  /**
   * Starts the program unless it runs, and returns when it answers on its port. Never logs in. An
   * orphan of a former life is ended first.
   */
  GatewayStatus start() throws DriverException;

  /**
   * Looks at process, listener and session. Failures are part of the answer; keeps the session
   * alive where that needs a call.
   */
  GatewayStatus probe();

  /**
   * Submits the credentials once, answers the second factor through the conversation, and returns
   * what became of it. Asks {@link LoginConversation#checkEntitled} immediately before each
   * submission.
   */
  LoginResult login(LoginPermit permit, LoginConversation conversation);

  /**
   * Opens the brokerage session again on a single sign-on that still lives; needs no credentials.
   * Leader only.
   *
   * @param compete whether to take the session from whoever else holds it
   */
  GatewayStatus reopen(boolean compete) throws DriverException;

  /**
   * Logs out, makes sure that the program cannot log in again by itself, and ends it. Returns when
   * the port is closed.
   *
   * @throws DriverException if any part could not be confirmed; {@link #fence} must follow
   */
  void logout(Duration timeout) throws DriverException;

  /**
   * Makes the gateway harmless by local means alone: forget the session, terminate, kill, verify
   * that the process is gone and its port closed. Idempotent; also with nothing to fence.
   *
   * @throws DriverException if it could not be confirmed; the caller tries again
   */
  void fence(Duration timeout) throws DriverException;

  /**
   * Kills the program and tells nobody, as if it had crashed; for drills. What follows is seen by
   * the next {@link #probe}. At any moment, from a lane of its own.
   */
  void kill() throws DriverException;

  /** The positions of all accounts, from the broker and not from a cache. */
  ImmutableList<Position> positions() throws DriverException;

  /**
   * How many orders are open. Takes seconds where the first answer of a session may be empty, so it
   * is asked for only where a number is expected, and after {@link #positions}.
   */
  int openOrders() throws DriverException;

  /**
   * What the accounts are worth and what became of their orders, for metrics: from the broker's
   * caches, and sparing of calls. Whatever comes behind it waits for it: so it asks before each
   * call whether it may go on, and ends within two seconds once it may not.
   *
   * @param mayGoOn asked from the calling thread
   */
  AccountReading account(BooleanSupplier mayGoOn) throws DriverException;

  /**
   * Ends what the driver holds locally (browser, connections). The program must have been fenced
   * before.
   */
  @Override
  void close();
}

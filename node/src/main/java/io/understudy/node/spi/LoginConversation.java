package io.understudy.node.spi;

import java.time.Duration;

/**
 * What a login asks of the core while it runs. Called by the driver on its login lane; blocking.
 */
public interface LoginConversation {
  /**
   * Returns a one-time code that may be submitted now: its time step is recorded in coordination,
   * enough of the step is left, and at most two are handed out per login. Waits for the next step,
   * or for the operator, as the second factor demands.
   *
   * @param timeout how long the page can wait
   * @throws LoginAbandoned if no code may be submitted; the login ends without a further submission
   */
  Secret requestCode(Duration timeout) throws LoginAbandoned;

  /**
   * Throws unless the lease still runs and the epoch is still ours. Called immediately before each
   * submission.
   */
  void checkEntitled() throws LoginAbandoned;

  /**
   * Tells observers where the login stands, e.g. "Waiting for the notification to be confirmed";
   * never a secret.
   */
  void progress(String sentence);

  /** The login may not go on. */
  final class LoginAbandoned extends Exception {
    private static final long serialVersionUID = 1L;

    public LoginAbandoned(String message) {
      super(message);
    }
  }
}

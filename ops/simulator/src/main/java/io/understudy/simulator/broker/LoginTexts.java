package io.understudy.simulator.broker;

/** What the login page tells the user, as far as public sources know it. */
final class LoginTexts {
  static final String BAD_CREDENTIALS = "Invalid username password combination";
  static final String BAD_CODE = "Incorrect security code";
  static final String LOCKED =
      "Your account is locked: too many failed login attempts. Please try again later.";
  static final String LIVE_FOR_PAPER =
      "You have selected the Live Account Mode, but the specified user is a Paper Trading user. "
          + "Please select the correct Login mode.";
  static final String PAPER_FOR_LIVE =
      "You have selected the Paper Trading Account Mode, but the specified user is a Live user. "
          + "Please select the correct Login mode.";
  static final String MAINTENANCE =
      "The system is undergoing maintenance. Please try to log in again later.";
  static final String PUSH_MISSED = "The notification has expired. Please log in again.";
  static final String START_AGAIN = "Your login has expired. Please log in again.";

  private LoginTexts() {}
}

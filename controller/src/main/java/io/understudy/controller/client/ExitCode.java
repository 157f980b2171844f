package io.understudy.controller.client;

/** What the process ends with. The numbers are promised to scripts and never change. */
public enum ExitCode {
  DONE(0),
  /** The command, the configuration or a certificate file is not usable. Nothing was asked for. */
  USAGE(1),
  /** The cluster refused. Nothing was changed. */
  REFUSED(2),
  /** Carried out without reaching its goal, or the cluster is not healthy. */
  DEGRADED(3),
  /** It may or may not have been carried out. */
  UNKNOWN(4),
  /** Nobody who could answer was reached. Nothing was changed. */
  UNREACHABLE(5),
  /** Given up at a prompt or by an interrupt. */
  ABORTED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}

package io.understudy.controller.output;

import io.understudy.v1.Phase;
import java.util.List;

/** Phases as words. */
public final class PhaseWords {
  private static final List<String> PASSED =
      List.of(
          "SERVING",
          "CEDING",
          "SELF_FENCING",
          "STANDBY",
          "CLAIMING",
          "FENCING",
          "LOGGING_IN",
          "VERIFYING",
          "RECONCILING",
          "NEEDS_OPERATOR");

  private PhaseWords() {}

  /** The name as in code, logs and documents. */
  public static String name(Phase phase) {
    return switch (phase) {
      case PHASE_UNSPECIFIED, UNRECOGNIZED -> "-";
      case PHASE_STANDBY,
          PHASE_CLAIMING,
          PHASE_FENCING,
          PHASE_LOGGING_IN,
          PHASE_VERIFYING,
          PHASE_RECONCILING,
          PHASE_SERVING,
          PHASE_CEDING,
          PHASE_SELF_FENCING,
          PHASE_NEEDS_OPERATOR ->
          phase.name().substring("PHASE_".length());
    };
  }

  /** Where the phase comes in a hand-over, from the former leader's to the next one's. */
  static int order(String phase) {
    int index = PASSED.indexOf(phase);
    return index < 0 ? PASSED.size() : index;
  }

  /** What a node in this phase does, after its name. */
  static String doing(Phase phase) {
    return switch (phase) {
      case PHASE_UNSPECIFIED, UNRECOGNIZED -> "is in a phase that this program does not know";
      case PHASE_STANDBY -> "stands by";
      case PHASE_CLAIMING -> "takes the next epoch";
      case PHASE_FENCING -> "makes sure that the former holder stopped";
      case PHASE_LOGGING_IN -> "logs in";
      case PHASE_VERIFYING -> "waits for the brokerage session";
      case PHASE_RECONCILING -> "compares positions";
      case PHASE_SERVING -> "is logged in, and its trading gate is shut";
      case PHASE_CEDING -> "logs out to hand over";
      case PHASE_SELF_FENCING -> "makes its gateway harmless";
      case PHASE_NEEDS_OPERATOR -> "needs an operator";
    };
  }

  static Style style(Phase phase) {
    return switch (phase) {
      case PHASE_UNSPECIFIED, UNRECOGNIZED, PHASE_STANDBY -> Style.PLAIN;
      case PHASE_SERVING -> Style.GOOD;
      case PHASE_SELF_FENCING, PHASE_NEEDS_OPERATOR -> Style.BAD;
      case PHASE_CLAIMING,
          PHASE_FENCING,
          PHASE_LOGGING_IN,
          PHASE_VERIFYING,
          PHASE_RECONCILING,
          PHASE_CEDING ->
          Style.BUSY;
    };
  }
}

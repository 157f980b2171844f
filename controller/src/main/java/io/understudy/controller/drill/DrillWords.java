package io.understudy.controller.drill;

import com.google.protobuf.Timestamp;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillKind;
import io.understudy.v1.DrillStage;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Kinds and stages of drills as words, and times of the API as those of the JDK. */
public final class DrillWords {
  private static final String KIND = "DRILL_KIND_";
  private static final String STAGE = "DRILL_STAGE_";

  private DrillWords() {}

  /** As the command line takes it, for example {@code gateway-crash}. */
  public static String kind(DrillKind kind) {
    return switch (kind) {
      case DRILL_KIND_UNSPECIFIED, UNRECOGNIZED -> "unknown";
      case DRILL_KIND_SWITCHOVER,
          DRILL_KIND_CRASH,
          DRILL_KIND_PARTITION,
          DRILL_KIND_GATEWAY_CRASH,
          DRILL_KIND_LOGIN_ONLY ->
          kind.name().substring(KIND.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    };
  }

  public static Optional<DrillKind> kindOf(String word) {
    return kinds().stream().filter(kind -> kind(kind).equals(word)).findFirst();
  }

  /** All that can be asked for. */
  public static List<DrillKind> kinds() {
    return Arrays.stream(DrillKind.values())
        .filter(kind -> kind != DrillKind.UNRECOGNIZED)
        .filter(kind -> kind != DrillKind.DRILL_KIND_UNSPECIFIED)
        .toList();
  }

  /** For example {@code FALLING_BACK}. */
  public static String stage(DrillStage stage) {
    return switch (stage) {
      case DRILL_STAGE_UNSPECIFIED, UNRECOGNIZED -> "UNKNOWN";
      case DRILL_STAGE_ACCEPTED,
          DRILL_STAGE_FAULT,
          DRILL_STAGE_RECOVERED,
          DRILL_STAGE_FALLING_BACK,
          DRILL_STAGE_ABORTING,
          DRILL_STAGE_PASSED,
          DRILL_STAGE_FAILED,
          DRILL_STAGE_ABORTED ->
          stage.name().substring(STAGE.length());
    };
  }

  /** Whether it goes on no longer. */
  public static boolean ended(Drill drill) {
    return switch (drill.getStage()) {
      case DRILL_STAGE_PASSED, DRILL_STAGE_FAILED, DRILL_STAGE_ABORTED -> true;
      case DRILL_STAGE_UNSPECIFIED,
          DRILL_STAGE_ACCEPTED,
          DRILL_STAGE_FAULT,
          DRILL_STAGE_RECOVERED,
          DRILL_STAGE_FALLING_BACK,
          DRILL_STAGE_ABORTING,
          UNRECOGNIZED ->
          false;
    };
  }

  public static boolean passed(Drill drill) {
    return drill.getStage() == DrillStage.DRILL_STAGE_PASSED;
  }

  public static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  public static Duration duration(com.google.protobuf.Duration duration) {
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }

  /** The drill's sentence without the verdict that it may begin with. */
  public static String sentence(Drill drill) {
    String verdict = stage(drill.getStage()).toLowerCase(Locale.ROOT) + ": ";
    String sentence = drill.getSentence();
    return sentence.startsWith(verdict) ? sentence.substring(verdict.length()) : sentence;
  }

  /** As a figure in a report: {@code 14.23 s}. */
  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
  }
}

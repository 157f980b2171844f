package io.understudy.controller.verb;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.drill.Quarter;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says when the next drill is due. Asks no node. */
@Command(
    name = "schedule",
    description = {
      "Show the slot of a quarter that drills are meant for: a Saturday on which exchanges are"
          + " closed and IBKR does no maintenance. Asks no node."
    })
final class DrillScheduleVerb implements Callable<Integer> {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("EEEE uuuu-MM-dd HH:mm zzz", Locale.ENGLISH);

  private final Understudy root;

  @Option(
      names = "--quarter",
      paramLabel = "QUARTER",
      description = "For example 2027Q1 (default: that of the next slot).")
  private @Nullable String quarter;

  DrillScheduleVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Quarter chosen =
        quarter == null ? Quarter.nextAfter(root.environment().clock().instant()) : asked(quarter);
    ZonedDateTime slot = chosen.slot();
    root.printer()
        .fact(
            """
            %s: %s
            For a systemd timer: OnCalendar=%s\
            """
                .formatted(chosen, times(slot), Quarter.ON_CALENDAR),
            Struct.newBuilder()
                .putFields("quarter", text(chosen.toString()))
                .putFields("at", text(slot.toInstant().toString()))
                .putFields("onCalendar", text(Quarter.ON_CALENDAR))
                .build());
    return ExitCode.DONE.number();
  }

  private String times(ZonedDateTime slot) {
    return Stream.of(slot.getZone(), root.environment().zone())
        .map(zone -> FORM.format(slot.withZoneSameInstant(zone)))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static Quarter asked(String text) {
    return Quarter.parse(text)
        .orElseThrow(() ->
            Failure.usage("--quarter: " + text + " (expected: a year and a quarter, as 2027Q1)."));
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}

package io.understudy.bundle.doctor.machine;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;

/** What {@code systemctl show} says about one unit. */
@Immutable
public record UnitFacts(ImmutableMap<String, String> properties) {
  /** Reads blocks of {@code Name=value} that are parted by an empty line, by their {@code Id}. */
  public static ImmutableMap<String, UnitFacts> parse(String output) {
    ImmutableMap.Builder<String, UnitFacts> units = ImmutableMap.builder();
    for (String block : Splitter.on("\n\n").omitEmptyStrings().trimResults().split(output)) {
      ImmutableMap.Builder<String, String> properties = ImmutableMap.builder();
      for (String line : Splitter.on('\n').omitEmptyStrings().split(block)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          properties.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
      UnitFacts unit = new UnitFacts(properties.buildKeepingLast());
      units.put(unit.property("Id"), unit);
    }
    return units.buildKeepingLast();
  }

  /** Empty when it was not said. */
  public String property(String name) {
    return properties.getOrDefault(name, "");
  }
}

package io.understudy.node.api;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a client certificate entitles to; its organisational unit (OU) names the role. */
public enum CallerRole {
  /** Everything an operator's command line does. */
  OPERATOR,
  /** Reads only. */
  VIEWER,
  /** Another node: the Peer service, and reads. */
  NODE;

  /** As it stands in a certificate. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<CallerRole> named(String organisationalUnit) {
    return Arrays.stream(values())
        .filter(role -> role.wireName().equals(organisationalUnit))
        .findFirst();
  }

  /** For sentences: {@code operator or viewer}. */
  static String anyOf(Iterable<CallerRole> roles) {
    return ImmutableList.copyOf(roles).stream()
        .map(CallerRole::wireName)
        .collect(Collectors.joining(" or "));
  }
}

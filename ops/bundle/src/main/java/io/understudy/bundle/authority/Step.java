package io.understudy.bundle.authority;

import com.google.errorprone.annotations.Immutable;

/**
 * One step of a rotation, in words for whoever takes it.
 *
 * @param before what has to be true of the hosts beforehand; empty when nothing has to
 * @param will what the command changes
 * @param next what to do afterwards
 */
@Immutable
public record Step(String before, String will, String next) {
  static final String EVERYWHERE =
      "Run `understudy cluster render` and install the bundles on every host, in any order";

  static Step of(String will, String next) {
    return new Step("", will, next);
  }
}

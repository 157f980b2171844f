package io.understudy.controller.output;

import java.io.PrintStream;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Where and how text is shown.
 *
 * @param colour whether escape sequences may be written
 * @param boxes whether the character set has lines for frames
 * @param columns the width to keep to, where there is one
 * @param zone for the display of times
 */
public record Canvas(
    PrintStream stream, boolean colour, boolean boxes, Optional<Integer> columns, ZoneId zone) {
  String paint(Style style, String text) {
    return colour ? style.paint(text) : text;
  }
}

package io.understudy.controller.output;

import java.util.Map;

/** Colour and weight of words, or none at all. */
public enum Style {
  PLAIN(""),
  BOLD("1"),
  DIM("2"),
  GOOD("32"),
  BUSY("33"),
  BAD("1;31");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  /** Wraps the text for a screen that shows colours. */
  String paint(String text) {
    return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }

  /** Whether colours are wanted: on a screen, unless {@code NO_COLOR} is set or it is dumb. */
  public static boolean wanted(boolean screen, Map<String, String> environment) {
    return screen && environment.getOrDefault("NO_COLOR", "").isEmpty() && movable(environment);
  }

  /** Whether the screen can redraw a line. */
  public static boolean movable(Map<String, String> environment) {
    return !environment.getOrDefault("TERM", "").equals("dumb");
  }
}

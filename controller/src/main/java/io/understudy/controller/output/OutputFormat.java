package io.understudy.controller.output;

/** What {@code -o} takes. Only the forms json and yaml are promised to programs. */
public enum OutputFormat {
  table,
  json,
  yaml
}

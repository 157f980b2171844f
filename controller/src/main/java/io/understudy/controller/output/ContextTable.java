package io.understudy.controller.output;

import java.util.List;

/** The contexts as a table. */
public final class ContextTable {
  private final Canvas canvas;
  private final Table table;

  public ContextTable(Canvas canvas, String file) {
    this.canvas = canvas;
    this.table = new Table(file, List.of("CURRENT", "NAME", "ENDPOINTS", "CERTIFICATE"));
  }

  public void add(String name, boolean current, List<String> endpoints, String certificate) {
    table.row(
        List.of(
            Table.Cell.of(current ? "*" : "", Style.GOOD),
            Table.Cell.of(name, Style.BOLD),
            Table.Cell.of(String.join(", ", endpoints)),
            Table.Cell.of(certificate)));
  }

  public void print() {
    table.print(canvas);
  }
}

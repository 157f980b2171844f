package io.understudy.controller.output;

import java.util.List;

/** Where rotations stand, as a table. */
public final class RotationTable {
  private final Canvas canvas;
  private final Table table;

  public RotationTable(Canvas canvas) {
    this.canvas = canvas;
    this.table = new Table("Rotations", List.of("WHAT", "STAGE", "IN USE", "GOES ON WITH"));
  }

  /**
   * Adds one rotation.
   *
   * @param next a command; empty when nothing is under way
   */
  public void add(String what, String stage, String meaning, String next) {
    table.row(
        List.of(
            Table.Cell.of(what, Style.BOLD),
            Table.Cell.of(stage, next.isEmpty() ? Style.GOOD : Style.BUSY),
            Table.Cell.of(meaning),
            Table.Cell.of(next)));
  }

  public void print() {
    table.print(canvas);
  }
}

package io.understudy.controller.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A framed table with its title in the frame. The last column is broken into lines when the whole
 * would be wider than the screen.
 */
final class Table {
  private static final int LAST_COLUMN_MIN = 24;
  private static final String GAP = "  ";

  private final String title;
  private final List<String> headers;
  private final List<List<Cell>> rows = new ArrayList<>();

  Table(String title, List<String> headers) {
    this.title = title;
    this.headers = headers;
  }

  /** One field; numbers stand at the right. */
  record Cell(String text, Style style, boolean number) {
    static Cell of(String text) {
      return new Cell(text, Style.PLAIN, false);
    }

    static Cell of(String text, Style style) {
      return new Cell(text, style, false);
    }

    static Cell number(String text) {
      return new Cell(text, Style.PLAIN, true);
    }
  }

  void row(List<Cell> cells) {
    if (cells.size() != headers.size()) {
      throw new IllegalArgumentException(
          "cells: " + cells.size() + " (expected: " + headers.size() + ")");
    }
    rows.add(cells);
  }

  void print(Canvas canvas) {
    Frame frame = canvas.boxes() ? Frame.LINES : Frame.ASCII;
    int[] widths = widths(canvas.columns());
    int inner = (widths.length - 1) * GAP.length();
    for (int width : widths) {
      inner += width;
    }
    String top = frame.line() + " " + title + " ";
    canvas.stream()
        .println(
            frame.topLeft()
                + frame.line()
                + " "
                + canvas.paint(Style.BOLD, title)
                + " "
                + frame.line().repeat(Math.max(0, inner + 2 - length(top)))
                + frame.topRight());
    printRow(canvas, frame, widths, headerCells());
    canvas.stream().println(frame.left() + frame.line().repeat(inner + 2) + frame.right());
    for (List<Cell> row : rows) {
      printRow(canvas, frame, widths, row);
    }
    canvas.stream()
        .println(frame.bottomLeft() + frame.line().repeat(inner + 2) + frame.bottomRight());
  }

  private List<Cell> headerCells() {
    List<Cell> cells = new ArrayList<>();
    for (int column = 0; column < headers.size(); column++) {
      int index = column;
      boolean number = !rows.isEmpty() && rows.stream().allMatch(row -> row.get(index).number());
      cells.add(new Cell(headers.get(column), Style.DIM, number));
    }
    return cells;
  }

  private void printRow(Canvas canvas, Frame frame, int[] widths, List<Cell> row) {
    int last = widths.length - 1;
    List<String> lines = broken(row.get(last).text(), widths[last]);
    for (int line = 0; line < lines.size(); line++) {
      StringBuilder text = new StringBuilder(frame.side()).append(' ');
      for (int column = 0; column < last; column++) {
        Cell cell = line == 0 ? row.get(column) : Cell.of("");
        text.append(field(canvas, cell, widths[column])).append(GAP);
      }
      Cell end = new Cell(lines.get(line), row.get(last).style(), row.get(last).number());
      text.append(field(canvas, end, widths[last])).append(' ').append(frame.side());
      canvas.stream().println(text);
    }
  }

  private static String field(Canvas canvas, Cell cell, int width) {
    String padding = " ".repeat(Math.max(0, width - length(cell.text())));
    String painted = canvas.paint(cell.text().isEmpty() ? Style.PLAIN : cell.style(), cell.text());
    return cell.number() ? padding + painted : painted + padding;
  }

  private int[] widths(Optional<Integer> columns) {
    int[] widths = new int[headers.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = length(headers.get(column));
      for (List<Cell> row : rows) {
        widths[column] = Math.max(widths[column], length(row.get(column).text()));
      }
    }
    int last = widths.length - 1;
    int others = 4 + last * GAP.length();
    for (int column = 0; column < last; column++) {
      others += widths[column];
    }
    if (columns.isPresent() && others + widths[last] > columns.get()) {
      widths[last] = Math.max(LAST_COLUMN_MIN, columns.get() - others);
    }
    // The title has to fit, too.
    widths[last] = Math.max(widths[last], length(title) + 5 - others);
    return widths;
  }

  /** Breaks at blanks; a word that is too long stays whole. */
  private static List<String> broken(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && length(line.toString()) + 1 + length(word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() > 0 ? " " : "").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private record Frame(
      String line,
      String side,
      String left,
      String right,
      String topLeft,
      String topRight,
      String bottomLeft,
      String bottomRight) {
    static final Frame LINES = new Frame("─", "│", "├", "┤", "╭", "╮", "╰", "╯");
    static final Frame ASCII = new Frame("-", "|", "+", "+", "+", "+", "+", "+");
  }
}

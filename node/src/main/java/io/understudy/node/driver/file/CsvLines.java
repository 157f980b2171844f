package io.understudy.node.driver.file;

import com.google.common.collect.ImmutableList;

/**
 * Splits CSV text into records: commas, double quotes around fields that hold commas, quotes or
 * line ends, {@code ""} for a quote within; lines end with LF or CRLF; empty lines are passed over.
 */
final class CsvLines {
  private final String text;
  private int at;
  private int line = 1;

  private CsvLines(String text) {
    this.text = text;
  }

  /** The fields of one record, and the line that it begins on. */
  record CsvRecord(int line, ImmutableList<String> fields) {}

  /** The text is not CSV. */
  static final class MalformedCsvException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedCsvException(int line, String sentence) {
      super("line " + line + ": " + sentence);
    }
  }

  static ImmutableList<CsvRecord> parse(String text) throws MalformedCsvException {
    CsvLines lines = new CsvLines(text.startsWith("\uFEFF") ? text.substring(1) : text);
    ImmutableList.Builder<CsvRecord> records = ImmutableList.builder();
    while (lines.at < lines.text.length()) {
      CsvRecord record = lines.nextRecord();
      if (record.fields().size() > 1 || !record.fields().getFirst().isBlank()) {
        records.add(record);
      }
    }
    return records.build();
  }

  private CsvRecord nextRecord() throws MalformedCsvException {
    int begin = line;
    ImmutableList.Builder<String> fields = ImmutableList.builder();
    boolean more = true;
    while (more) {
      fields.add(peek() == '"' ? quotedField() : plainField());
      more = peek() == ',';
      if (more) {
        at++;
      }
    }
    endOfLine();
    return new CsvRecord(begin, fields.build());
  }

  private String plainField() {
    int begin = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(begin, at).strip();
  }

  private String quotedField() throws MalformedCsvException {
    int begin = line;
    StringBuilder field = new StringBuilder();
    at++;
    while (at < text.length()) {
      char letter = text.charAt(at++);
      if (letter == '"' && peek() != '"') {
        return field.toString();
      }
      if (letter == '"') {
        at++;
      }
      if (letter == '\n') {
        line++;
      }
      field.append(letter);
    }
    throw new MalformedCsvException(begin, "a quoted field does not end (expected: \")");
  }

  private void endOfLine() throws MalformedCsvException {
    if (peek() == '\r') {
      at++;
    }
    if (at < text.length() && text.charAt(at) != '\n') {
      throw new MalformedCsvException(line, "text after a quoted field (expected: a comma)");
    }
    at++;
    line++;
  }

  /** The next letter, or a NUL at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }
}

package io.understudy.controller.output;

/**
 * What a doctor found on a host, one below the other. No table: remedies are commands, and a
 * command that is broken into lines cannot be copied.
 */
public final class FindingList {
  private static final String INDENT = "         ";

  private final Canvas canvas;

  public FindingList(Canvas canvas) {
    this.canvas = canvas;
  }

  /** What it is about, and that it is well. */
  public void healthy(String subject, String sentence) {
    canvas.stream().println(level("ok", Style.GOOD) + subject + ": " + sentence);
  }

  /**
   * What is not as it should be.
   *
   * @param style of the level
   */
  public void finding(
      String level, Style style, String word, String subject, String sentence, String remedy) {
    canvas.stream()
        .println(level(level, style) + canvas.paint(Style.BOLD, subject) + "  (" + word + ")");
    canvas.stream().println(INDENT + sentence);
    canvas.stream().println(INDENT + canvas.paint(Style.DIM, "remedy: ") + remedy);
  }

  /** The last line. */
  public void summary(String sentence, Style style) {
    canvas.stream().println(canvas.paint(style, sentence));
    canvas.stream().flush();
  }

  private String level(String word, Style style) {
    String padding = " ".repeat(Math.max(1, INDENT.length() - word.length()));
    return canvas.paint(style, word) + padding;
  }
}

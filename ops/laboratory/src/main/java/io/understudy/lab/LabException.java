package io.understudy.lab;

/**
 * Something that the lab needs did not happen. The message is one sentence for a person and names
 * the log to read.
 */
final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LabException(String sentence) {
    super(sentence);
  }

  LabException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}

package io.understudy.node.undertaker;

/** Something speaks against closing the session; the message is one sentence for people. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String sentence) {
    super(sentence);
  }
}

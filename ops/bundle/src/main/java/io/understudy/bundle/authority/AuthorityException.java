package io.understudy.bundle.authority;

/**
 * The authority's folder cannot be used as it is, or what was asked for makes no sense now. The
 * message is for people: what, where, and the remedy; it never holds a secret. Nothing was changed.
 */
public final class AuthorityException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public AuthorityException(String sentence) {
    super(sentence, null, false, false);
  }

  public String sentence() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}

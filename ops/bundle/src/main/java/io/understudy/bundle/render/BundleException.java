package io.understudy.bundle.render;

/** Bundles cannot be written or compared; the message names what, where and the remedy. */
public final class BundleException extends Exception {
  private static final long serialVersionUID = 1;

  BundleException(String message) {
    super(message);
  }

  BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}

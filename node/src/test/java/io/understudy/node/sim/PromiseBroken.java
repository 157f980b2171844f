package io.understudy.node.sim;

/** A promise of the design was seen broken. */
final class PromiseBroken extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final Promise promise;

  PromiseBroken(Promise promise, String sentence) {
    super(promise + ": " + sentence);
    this.promise = promise;
  }

  Promise promise() {
    return promise;
  }
}

package io.understudy.node.driver.clientportal;

import io.understudy.node.spi.LoginConversation;
import io.understudy.node.spi.Secret;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The core's part of a login: hands out the codes it was given, then no more. */
final class PlayedConversation implements LoginConversation {
  private final Deque<String> codes;
  private final List<String> sentences = new CopyOnWriteArrayList<>();
  private final AtomicInteger checks = new AtomicInteger();
  private volatile Runnable beforeCode = () -> {};
  private volatile int entitledChecks = Integer.MAX_VALUE;

  PlayedConversation(String... codes) {
    this.codes = new ArrayDeque<>(Arrays.asList(codes));
  }

  /** Entitled for that many checks and not after. */
  PlayedConversation entitledFor(int count) {
    entitledChecks = count;
    return this;
  }

  /** Does that before it hands out a code. */
  PlayedConversation beforeCode(Runnable action) {
    beforeCode = action;
    return this;
  }

  List<String> sentences() {
    return sentences;
  }

  int checks() {
    return checks.get();
  }

  @Override
  public Secret requestCode(Duration timeout) throws LoginAbandoned {
    if (codes.isEmpty()) {
      throw new LoginAbandoned("No further code may be submitted in this login");
    }
    beforeCode.run();
    return Secret.of(codes.removeFirst());
  }

  @Override
  public void checkEntitled() throws LoginAbandoned {
    if (checks.incrementAndGet() > entitledChecks) {
      throw new LoginAbandoned("The lease has ended");
    }
  }

  @Override
  public void progress(String sentence) {
    sentences.add(sentence);
  }
}

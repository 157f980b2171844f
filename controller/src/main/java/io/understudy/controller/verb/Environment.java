package io.understudy.controller.verb;

import io.understudy.controller.client.Channels;
import io.understudy.controller.client.Context;
import io.understudy.controller.client.Pause;
import io.understudy.controller.output.Terminal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything outside the program that a verb touches.
 *
 * @param variables the process environment
 * @param channels opens connections with the credentials of a context
 * @param interrupts what is to be said when the user interrupts the program
 */
public record Environment(
    Map<String, String> variables,
    Path home,
    PrintStream out,
    PrintStream err,
    Terminal terminal,
    InstantSource clock,
    ZoneId zone,
    Function<Context, Channels> channels,
    Pause pause,
    Interrupts interrupts) {

  /** Speaks a last word when the process is interrupted. */
  @FunctionalInterface
  public interface Interrupts {
    /** Registers the last word until the registration is closed. */
    Registration onInterrupt(Runnable lastWord);
  }

  /** Ends the registration of a last word. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}

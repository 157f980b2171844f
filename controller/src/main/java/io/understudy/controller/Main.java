package io.understudy.controller;

import io.understudy.controller.client.Credentials;
import io.understudy.controller.client.TlsChannels;
import io.understudy.controller.output.SystemTerminal;
import io.understudy.controller.verb.Environment;
import io.understudy.controller.verb.Understudy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts the command line. */
public final class Main {
  /** Held, because a logger that nobody holds forgets its level. */
  private static final Logger GRPC_LOGGER = Logger.getLogger("io.grpc");

  private Main() {}

  /** Ends the process with the exit code of the verb. */
  public static void main(String[] arguments) {
    GRPC_LOGGER.setLevel(Level.OFF);
    // Only the authority of the context is ever trusted. okhttp would load those of the JDK to find
    // out what its TLS can do, which takes a tenth of the whole call.
    System.setProperty("javax.net.ssl.trustStore", "NONE");
    int exitCode = Understudy.execute(system(), arguments);
    System.out.flush();
    System.exit(exitCode);
  }

  static Environment system() {
    InstantSource clock = InstantSource.system();
    return new Environment(
        System.getenv(),
        Path.of(System.getProperty("user.home")),
        System.out,
        System.err,
        new SystemTerminal(System.getProperties()),
        clock,
        ZoneId.systemDefault(),
        context -> new TlsChannels(Credentials.read(context, clock)),
        Thread::sleep,
        Main::onInterrupt);
  }

  private static Environment.Registration onInterrupt(Runnable lastWord) {
    Thread hook = new Thread(lastWord, "last-word");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program ends already: this is part of another last word.
      return () -> {};
    }
    return () -> {
      try {
        var _ = Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It is being spoken.
      }
    };
  }
}

package io.understudy.node;

import io.understudy.node.config.NodeConfig;
import io.understudy.node.config.SecretFile;
import io.understudy.node.driver.journal.JournalReplay;
import io.understudy.node.driver.totp.TotpVerify;
import io.understudy.node.log.DaemonLog;
import io.understudy.node.log.ServiceJournal;
import io.understudy.node.spi.DriverException;
import io.understudy.settings.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code understudyd}: runs a node, or checks a file that a node would use. */
@Command(
    name = "understudyd",
    description = "Keeps one IBKR login alive on exactly one of several machines.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "[COMMAND]",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:stopped in good order, or the checked file is usable",
      "1:the command line or a file is wrong; nothing was started",
      "2:could not start: coordination, a port, another daemon",
      "3:stopped by force: something could not be confirmed in time",
      "70:stopped by a bug; all gateways were fenced"
    },
    subcommands = {Main.Config.class, Main.Totp.class, Main.Journal.class})
public final class Main implements Callable<Integer> {
  static final int USAGE = 1;
  static final int NO_START = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The node's configuration, default ${DEFAULT-VALUE}.",
      scope = ScopeType.LOCAL)
  private Path config = Path.of("/etc/understudy/understudyd.yaml");

  private Main() {}

  /** Runs the command line and ends the process with its exit status. */
  public static void main(String[] args) {
    DaemonLog.begin();
    int status = commandLine().execute(args);
    Runtime.getRuntime().halt(status);
  }

  private static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setParameterExceptionHandler((exception, _) -> {
      line.getErr().println("understudyd: " + exception.getMessage());
      return USAGE;
    });
    return line;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      NodeConfig loaded = NodeConfig.load(config);
      DaemonLog.use(loaded.log());
      return NodeDaemon.start(loaded).awaitEnd();
    } catch (ConfigException e) {
      err.println(ServiceJournal.error("understudyd: " + e.getMessage()));
      return USAGE;
    } catch (DriverException e) {
      err.println(ServiceJournal.error("understudyd: " + e.getMessage()));
      return NO_START;
    }
  }

  /** Checks a configuration. */
  @Command(
      name = "config",
      description = "Checks a configuration and prints the values in effect.",
      mixinStandardHelpOptions = true)
  static final class Config implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @Override
    public Integer call() {
      try {
        NodeConfig.load(file).describe().forEach(spec.commandLine().getOut()::println);
        return 0;
      } catch (ConfigException e) {
        spec.commandLine().getErr().println("understudyd: " + e.getMessage());
        return USAGE;
      }
    }
  }

  /** Looks at a journal. */
  @Command(
      name = "journal",
      description = "Looks at the journal of a node.",
      mixinStandardHelpOptions = true,
      subcommands = Journal.Replay.class)
  static final class Journal implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      spec.commandLine().usage(spec.commandLine().getErr());
      return USAGE;
    }

    /** Runs a journal through the decision core again. */
    @Command(
        name = "replay",
        description = "Decides everything in DIRECTORY again and says whether it comes out alike.",
        mixinStandardHelpOptions = true)
    static final class Replay implements Callable<Integer> {
      @Spec private CommandSpec spec = CommandSpec.create();

      @Parameters(paramLabel = "DIRECTORY", description = "journal, below the state directory.")
      private Path directory = Path.of("");

      @Override
      public Integer call() {
        try {
          JournalReplay.Result result = JournalReplay.replay(directory);
          PrintWriter out =
              result.exact() ? spec.commandLine().getOut() : spec.commandLine().getErr();
          out.println(result.sentence());
          return result.exact() ? 0 : USAGE;
        } catch (IOException _) {
          spec.commandLine()
              .getErr()
              .println("understudyd: " + directory + " cannot be read as a journal");
          return USAGE;
        }
      }
    }
  }

  /** Checks a secret of one-time codes. */
  @Command(
      name = "totp",
      description = "Looks at a secret for one-time codes.",
      mixinStandardHelpOptions = true,
      subcommands = Totp.Verify.class)
  static final class Totp implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      spec.commandLine().usage(spec.commandLine().getErr());
      return USAGE;
    }

    /** Says whether a file is usable; shows neither the secret nor a code. */
    @Command(
        name = "verify",
        description = "Says whether FILE holds a usable secret; shows neither it nor a code.",
        mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {
      @Spec private CommandSpec spec = CommandSpec.create();

      @Parameters(
          paramLabel = "FILE",
          description = "Base32, an otpauth:// address, or an export of the 2FAS app.")
      private Path file = Path.of("");

      @Override
      public Integer call() {
        TotpVerify.Result result = TotpVerify.verify(() -> SecretFile.read(file), Instant.now());
        PrintWriter out =
            result.usable() ? spec.commandLine().getOut() : spec.commandLine().getErr();
        out.println(result.sentence());
        return result.usable() ? 0 : USAGE;
      }
    }
  }
}

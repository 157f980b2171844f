package io.understudy.controller.verb;

import io.understudy.controller.client.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a completion script. */
@Command(
    name = "completion",
    description = {
      "Print a completion script. Use it with `source <(understudy completion bash)`, or put it"
          + " where your shell looks."
    })
final class CompletionVerb implements Callable<Integer> {
  private static final String ZSH_PRELUDE =
      """
      #compdef understudy
      autoload -U +X compinit && compinit
      autoload -U +X bashcompinit && bashcompinit
      """;

  private final Understudy root;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  private @Nullable Shell shell;

  @Spec private @Nullable CommandSpec spec;

  CompletionVerb(Understudy root) {
    this.root = root;
  }

  enum Shell {
    bash,
    zsh
  }

  @Override
  public Integer call() {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("picocli sets the specification");
    }
    CommandLine whole = own.root().commandLine();
    String script = AutoComplete.bash("understudy", whole);
    root.environment().out().print(shell == Shell.zsh ? ZSH_PRELUDE + script : script);
    return ExitCode.DONE.number();
  }
}

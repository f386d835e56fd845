package dev.weft.cli.completion;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script for a shell. */
@Command(
    name = "completion",
    description = {
      "Prints a script with which a shell completes commands and options.",
      "bash: source <(weft completion bash). zsh: the same, in .zshrc behind compinit. fish: weft completion fish | source."
    },
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Example:", "  weft completion bash > /etc/bash_completion.d/weft"})
public final class CompletionCommand implements Callable<Integer> {
  private enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell = Shell.BASH;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    spec.commandLine()
        .getOut()
        .print(
            switch (shell) {
              // The script of picocli serves zsh too, by its emulation of bash completion.
              case BASH, ZSH -> AutoComplete.bash(root.getCommandName(), root);
              case FISH -> FishScript.of(root.getCommandSpec());
            });
    spec.commandLine().getOut().flush();
    return 0;
  }
}

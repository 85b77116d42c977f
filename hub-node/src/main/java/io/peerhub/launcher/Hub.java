package io.peerhub.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code hub}: its subcommands, and how each of them ends. */
@Command(
    name = "hub",
    description = "A messaging hub: run a node, and talk to one.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Up.class,
      Send.class,
      Listen.class,
      Peers.class,
      Windows.OnePeer.class,
      Windows.Rooms.class,
      Stats.class,
      Windows.Resources.class,
      Devices.class,
      Version.class,
      HelpCommand.class,
      Rehearsal.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:refused or failed; the reason is on standard error",
      "2:wrong usage",
      "3:nobody answers there"
    })
public final class Hub implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    int code = commandLine().execute(args);
    // A node or a client may have left threads that are about to end: the command is over now.
    System.exit(code);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Hub())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((wrong, args) -> misused(wrong))
        .setExecutionExceptionHandler((thrown, command, parsed) -> end(thrown, command));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command");
  }

  private static int misused(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + Failure.line(wrong));
    command.getErr().println("Try ./" + name + " --help");
    command.getErr().flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static int end(Exception thrown, CommandLine command) {
    Failure.lines(thrown).forEach(line -> command.getErr().println("hub: " + line));
    if (System.getenv("HUB_DEBUG") != null) {
      thrown.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return thrown instanceof Failure failure ? failure.exitCode() : Failure.FAILED;
  }
}

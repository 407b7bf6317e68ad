package dev.muster.launcher;

import dev.muster.launcher.process.RefusedException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The Java half of `./muster`. The shell script builds, starts single agents and query nodes by
/// itself, and leaves the rest to this class.
@Command(
        name = "muster",
        subcommands = {
            UpCommand.class,
            StatusCommand.class,
            TrainCommand.class,
            DemoCommand.class,
            BenchTargetsCommand.class
        })
public final class Launcher implements Runnable {
    /// A user's mistake or a machine that cannot do what was asked.
    static final int REFUSED = 2;

    static final int FAILED = 1;

    @Spec CommandSpec spec = CommandSpec.create();

    Launcher() {}

    /// @param arguments as typed after `./muster`
    public static void main(String[] arguments) {
        var code = run(arguments);
        Exit.with(code);
    }

    static int run(String... arguments) {
        return new CommandLine(new Launcher())
                .registerConverter(java.time.Duration.class, DurationText::parse)
                .setExecutionExceptionHandler((e, _, _) -> explain(e))
                .setParameterExceptionHandler((e, _) -> explainUsage(e))
                .execute(arguments);
    }

    /// Directory of the checkout, told by the shell script.
    static Path root() {
        return Path.of(System.getProperty("dev.muster.root", ".")).toAbsolutePath().normalize();
    }

    private static int explain(Exception e) {
        if (e instanceof RefusedException) {
            System.err.println("muster: " + e.getMessage());
            return REFUSED;
        }
        var cause = e instanceof UncheckedIOException io ? io.getCause() : e;
        System.err.println("muster: " + cause);
        return FAILED;
    }

    private static int explainUsage(ParameterException e) {
        System.err.println("muster: " + e.getMessage());
        System.err.println(
                "try ./muster "
                        + e.getCommandLine().getCommandSpec().qualifiedName().replace("muster ", "")
                        + " --help");
        return REFUSED;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}

package dev.muster.launcher;

import dev.muster.launcher.plan.AlertingFiles;
import dev.muster.launcher.plan.DemoPlan;
import dev.muster.launcher.plan.Installation;
import dev.muster.launcher.plan.StoreKeys;
import dev.muster.launcher.plan.Training;
import dev.muster.launcher.plan.UpOptions;
import dev.muster.launcher.process.RunLock;
import dev.muster.launcher.process.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "train",
        description =
                "Makes the query node's AOT cache, with which it starts in half the time: runs a"
                        + " small federation for a while.",
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description = "first port of the small federation (default: 19640)")
    int portBase = 19640;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "how long it runs, counted from when all is ready (default: 45s)")
    Duration runFor = Duration.ofSeconds(45);

    @Override
    public Integer call() throws IOException {
        var installation = Installation.at(Launcher.root());
        installation.requireBuilt();
        Path directory = Launcher.root().resolve(".muster/train");
        var options =
                new UpOptions(
                        directory,
                        Optional.empty(),
                        Optional.empty(),
                        StoreKeys.NONE,
                        AlertingFiles.NONE,
                        2,
                        portBase,
                        Duration.ofMinutes(1));
        var plan = new DemoPlan(installation, options);
        plan.prepare();
        try (var _ = RunLock.acquire(plan.runDirectory(), "training")) {
            return new TrainRun(new Training(installation, plan, directory), plan, runFor).run();
        } finally {
            Trees.delete(directory);
        }
    }
}

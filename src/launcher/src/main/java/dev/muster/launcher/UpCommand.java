package dev.muster.launcher;

import dev.muster.launcher.plan.AlertingFiles;
import dev.muster.launcher.plan.DemoPlan;
import dev.muster.launcher.plan.Installation;
import dev.muster.launcher.plan.StoreKeys;
import dev.muster.launcher.plan.UpOptions;
import dev.muster.launcher.process.RefusedException;
import dev.muster.launcher.status.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = "Starts a small federation on this machine and shows how it does.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--store",
            paramLabel = "URL",
            description =
                    "object store: s3://bucket/prefix or file:///directory (default: a directory"
                            + " below --data); S3 keys come from MUSTER_STORE_ACCESS_KEY and"
                            + " MUSTER_STORE_SECRET_KEY, or AWS_ACCESS_KEY_ID and"
                            + " AWS_SECRET_ACCESS_KEY")
    Optional<String> store = Optional.empty();

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URL",
            description = "address of the S3 service, such as http://127.0.0.1:9000")
    Optional<String> s3Endpoint = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "directory of all state (default: .muster in the checkout)")
    Optional<Path> data = Optional.empty();

    @Option(
            names = "--rules",
            paramLabel = "FILES",
            description =
                    "Prometheus' rule files that the query node evaluates, as a pattern such as"
                            + " 'rules/*.yml'")
    Optional<String> rules = Optional.empty();

    @Option(
            names = "--alertmanager",
            paramLabel = "FILE",
            description = "Alertmanager's configuration file: who is told of alerts")
    Optional<Path> alertmanager = Optional.empty();

    @Option(names = "--agents", paramLabel = "N", description = "how many agents (default: 3)")
    int agents = 3;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description = "first port; agents take two each, then query node and demo service")
    int portBase = 9640;

    @Option(
            names = "--window",
            paramLabel = "TIME",
            description = "how much time goes into a block, 1m to 1d (default: 5m)")
    Duration window = Duration.ofMinutes(5);

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "stop by itself after this time, counted from when all is ready")
    Optional<Duration> runFor = Optional.empty();

    @Option(
            names = "--restart-after",
            paramLabel = "TIME",
            description = "start a dead process again after this time (default: 30s)")
    Duration restartAfter = Duration.ofSeconds(30);

    @Option(names = "--no-restart", description = "leave a dead process dead")
    boolean noRestart;

    @Override
    public Integer call() throws IOException {
        var directory =
                data.orElse(Launcher.root().resolve(".muster")).toAbsolutePath().normalize();
        var options =
                new UpOptions(
                        directory,
                        store,
                        s3Endpoint,
                        StoreKeys.from(System.getenv()),
                        new AlertingFiles(rules, alertmanager),
                        agents,
                        portBase,
                        window);
        var installation = Installation.at(Launcher.root());
        var plan = new DemoPlan(installation, options);
        installation.requireBuilt();
        requireWritable(directory);
        plan.prepare();
        var screen =
                new Screen(
                        System.out,
                        Boolean.getBoolean("dev.muster.terminal"),
                        Integer.getInteger("dev.muster.columns", 80));
        return new UpRun(
                        plan,
                        screen,
                        runFor,
                        noRestart ? Optional.empty() : Optional.of(restartAfter))
                .run();
    }

    private static void requireWritable(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "writable", ".tmp"));
        } catch (IOException e) {
            throw new RefusedException(
                    "data directory must be writable: path=" + directory + ", " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return "reason=" + e.getClass().getSimpleName().replace("Exception", "");
    }
}

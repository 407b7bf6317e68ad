package dev.muster.launcher;

import dev.muster.launcher.demo.BenchTargets;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "bench-targets",
        hidden = true,
        description = "Targets to measure with, each on a port of its own.",
        mixinStandardHelpOptions = true)
final class BenchTargetsCommand implements Callable<Integer> {
    @Option(names = "--count", paramLabel = "N", description = "how many targets")
    int count = 100;

    @Option(names = "--series", paramLabel = "N", description = "series of each")
    int series = 1000;

    @Option(names = "--port", paramLabel = "PORT", description = "port of the first")
    int port = 20_000;

    @Option(
            names = "--churn",
            paramLabel = "N",
            description = "new series that one more target shows at each scrape")
    int churn;

    @Option(
            names = "--churn-limit",
            paramLabel = "N",
            description = "new series in all; then that target shows none any more")
    long churnLimit = Long.MAX_VALUE;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Exit.onSignal(() -> {});
        try (var targets = BenchTargets.start(count, series, port)) {
            if (churn > 0) {
                targets.churn(series, churn, churnLimit, port + count);
            }
            System.out.println(
                    "%d targets of %d series listen from 127.0.0.1:%d on"
                            .formatted(count, series, port));
            new CountDownLatch(1).await();
            return 0;
        }
    }
}

package dev.muster.launcher;

import dev.muster.launcher.demo.DemoService;
import dev.muster.launcher.process.RefusedException;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        hidden = true,
        description = "The demo service that ./muster up starts, by itself.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--port", paramLabel = "PORT", description = "where it listens (9660)")
    int port = 9660;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Exit.onSignal(() -> {});
        try (var service = DemoService.start(port, RandomGenerator.getDefault())) {
            System.out.println("demo service listens on 127.0.0.1:" + service.port());
            new CountDownLatch(1).await();
            return 0;
        } catch (BindException e) {
            throw new RefusedException("port must be free on 127.0.0.1: in use: " + port);
        }
    }
}

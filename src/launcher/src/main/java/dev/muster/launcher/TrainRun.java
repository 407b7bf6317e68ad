package dev.muster.launcher;

import dev.muster.launcher.plan.DemoPlan;
import dev.muster.launcher.plan.Training;
import dev.muster.launcher.process.ChildSpec;
import dev.muster.launcher.process.Ending;
import dev.muster.launcher.process.PidFile;
import dev.muster.launcher.process.Ports;
import dev.muster.launcher.process.RefusedException;
import dev.muster.launcher.process.Supervisor;
import dev.muster.launcher.process.Supervisor.Change;
import dev.muster.launcher.status.StatusClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One training of the query node, from the start of a small federation to the cache in its place.
final class TrainRun {
    private static final Duration PATIENCE_TO_START = Duration.ofMinutes(3);

    /// Writing notes takes seconds, and minutes on a machine that is busy.
    private static final Duration PATIENCE_TO_NOTE = Duration.ofMinutes(3);

    private static final Duration PATIENCE_TO_MAKE = Duration.ofMinutes(5);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(250);

    /// A cache that is larger is not kept; it is about 70 MB.
    private static final long LIMIT_BYTES = 256L << 20;

    private final Training training;
    private final DemoPlan plan;
    private final Duration runFor;
    private final StatusClient client = new StatusClient(Duration.ofSeconds(5));
    private final Supervisor supervisor;

    TrainRun(Training training, DemoPlan plan, Duration runFor) {
        this.training = training;
        this.plan = plan;
        this.runFor = runFor;
        this.supervisor =
                new Supervisor(plan.runDirectory(), Optional.empty(), InstantSource.system());
    }

    int run() throws IOException {
        Ending.endAll(
                PidFile.in(plan.runDirectory()).stream()
                        .flatMap(file -> file.process().stream())
                        .toList(),
                PATIENCE_TO_NOTE);
        Ports.requireFree(plan.ports());
        Exit.onSignal(() -> supervisor.end(Duration.ofSeconds(1)));
        System.out.println("training the query node in a small federation, about a minute");
        FileTime built = training.built();
        try {
            List<ChildSpec> children = training.children();
            for (ChildSpec child : children) {
                supervisor.start(child);
            }
            awaitReady(children);
            ask();
        } finally {
            var killed = supervisor.end(PATIENCE_TO_NOTE);
            if (!killed.isEmpty()) {
                System.out.println("had to kill " + killed);
            }
        }
        make();
        keep(built);
        return 0;
    }

    private void awaitReady(List<ChildSpec> children) throws IOException {
        List<ChildSpec> waiting = new ArrayList<>(children);
        long end = System.nanoTime() + PATIENCE_TO_START.toNanos();
        while (true) {
            refuseTheDead();
            waiting.removeIf(child -> client.answers(child.readyAt()));
            if (waiting.isEmpty()) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new RefusedException(
                        "training must be ready within "
                                + PATIENCE_TO_START.toSeconds()
                                + " s: waiting for="
                                + waiting.stream().map(ChildSpec::name).toList());
            }
            LockSupport.parkNanos(BETWEEN_QUESTIONS.toNanos());
        }
    }

    private void ask() throws IOException {
        long end = System.nanoTime() + runFor.toNanos();
        for (int round = 0; System.nanoTime() < end; round++) {
            refuseTheDead();
            var _ = client.answers(training.question(round));
            LockSupport.parkNanos(BETWEEN_QUESTIONS.toNanos());
        }
    }

    private void refuseTheDead() throws IOException {
        for (Change change : supervisor.tick()) {
            if (change instanceof Change.Died(var lost)) {
                throw new RefusedException(
                        lost.name()
                                + " ended while training, exit code "
                                + lost.exitCode()
                                + ": "
                                + String.join("\n  | ", lost.tail()));
            }
        }
    }

    private void make() throws IOException {
        var log = plan.logDirectory().resolve("make.log");
        var process =
                new ProcessBuilder(training.command())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            if (!process.waitFor(PATIENCE_TO_MAKE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        if (!Files.exists(training.made())) {
            throw new RefusedException("no cache was made: " + Files.readString(log).strip());
        }
    }

    /// Puts it in its place in one step: whoever starts meanwhile has the one before, or none.
    private void keep(FileTime built) throws IOException {
        if (!built.equals(training.built())) {
            throw new RefusedException("cache not kept: the query node was built anew meanwhile");
        }
        long size = Files.size(training.made());
        if (size > LIMIT_BYTES) {
            throw new RefusedException(
                    "cache must be at most " + LIMIT_BYTES + " bytes: found=" + size);
        }
        Files.move(training.made(), training.cache(), StandardCopyOption.REPLACE_EXISTING);
        System.out.println("made " + training.cache() + ", " + (size >> 20) + " MB");
    }
}

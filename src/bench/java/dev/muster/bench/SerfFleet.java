package dev.muster.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Serf on every host, with the profile for local networks.
final class SerfFleet extends LabFleet {
    private static final Pattern EVENT =
            Pattern.compile("EventMember(Join|Failed|Leave|Reap): (h\\d+)");

    private final Path directory;

    SerfFleet(int size, Path directory) {
        super(size);
        this.directory = directory;
    }

    @Override
    String name() {
        return "Serf";
    }

    @Override
    List<String> queries() {
        return List.of();
    }

    @Override
    void startAll() throws IOException, InterruptedException {
        for (int host = 1; host <= size; host++) {
            start(host);
            Thread.sleep(50);
        }
    }

    @Override
    void start(int host) throws IOException {
        String observer = host(host);
        record.forget(observer);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "serf",
                                "agent",
                                "-node=" + observer,
                                "-bind=" + LabNetwork.address(host) + ":7946",
                                "-rpc-addr=127.0.0.1:7373",
                                "-profile=lan",
                                "-log-level=info"));
        for (int seed = 1; seed <= Math.min(3, size); seed++) {
            if (seed != host) {
                command.add("-retry-join=" + LabNetwork.address(seed));
            }
        }
        Path log = directory.resolve("serf-" + observer + ".log");
        agents[host] =
                LabProcess.start(LabNetwork.on(host, command), log, line -> line(observer, line));
    }

    private void line(String observer, String line) {
        Matcher event = EVENT.matcher(line);
        if (event.find()) {
            String state =
                    switch (event.group(1)) {
                        case "Join" -> LabRecord.UP;
                        case "Failed" -> LabRecord.DOWN;
                        default -> "left";
                    };
            record.saw(observer, event.group(2), state, "");
        }
    }

    @Override
    void stopAll() throws IOException, InterruptedException {
        for (int host = 1; host <= size; host++) {
            if (agents[host] != null) {
                agents[host].end("KILL");
            }
        }
        record.forgetAll();
    }
}

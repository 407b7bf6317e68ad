package dev.muster.federation.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.check.EventLogText;
import dev.muster.federation.check.LoggedEvent;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    @TempDir Path directory;

    @Test
    void theChecksReadWhatANodeWrites() throws IOException {
        Path path = directory.resolve("logs/web-1.jsonl");
        try (var log =
                EventLog.open(path, "c1/web-1", InstantSource.fixed(Instant.ofEpochMilli(77)))) {
            log.change(
                    new Transition(
                            "c1",
                            "web-2",
                            "a \"b\"\n",
                            "x:1",
                            5,
                            7,
                            "up",
                            "down",
                            Cause.HOST_DOWN,
                            Provenance.HOST,
                            List.of("web-1", "web-3"),
                            2));
            log.alive();
            log.digest("0f");
        }

        assertThat(Files.readAllLines(path).stream().map(EventLogText::read))
                .map(event -> event.orElseThrow())
                .containsExactly(
                        new LoggedEvent.Began("c1/web-1", 77),
                        new LoggedEvent.Change(
                                "c1/web-1",
                                "c1",
                                "web-2",
                                "a \"b\"\n",
                                "x:1",
                                5,
                                7,
                                "up",
                                "down",
                                "host_down",
                                "host",
                                List.of("web-1", "web-3"),
                                2),
                        new LoggedEvent.Alive("c1/web-1", 77),
                        new LoggedEvent.Digest("c1/web-1", 77, "0f"));
    }
}

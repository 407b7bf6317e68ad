package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The host's clock, its zone and where the kernel takes its time from.
final class TimeCollector implements Collector {
    private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("zzz", Locale.ROOT);

    /// @param device number of the clock source's device
    private record Source(String device, HostFile available, HostFile current) {}

    private final InstantSource clock;
    private final Path directory;
    private final TextCursor text = new TextCursor();
    private List<Source> sources = List.of();

    TimeCollector(HostExporterConfig config, InstantSource clock) {
        this.clock = clock;
        directory = config.sysfs().resolve("devices/system/clocksource");
    }

    @Override
    public String name() {
        return "time";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        Instant now = clock.instant();
        String time = "node_time_seconds";
        into.family(time, MetricType.GAUGE, "The host's clock, Unix time.")
                .sample(time, now.getEpochSecond() + now.getNano() / 1e9);
        zone(into, now.atZone(ZoneId.systemDefault()));
        if (sources.isEmpty()) {
            sources = sources();
        }
        available(into);
        current(into);
    }

    private static void zone(ExpositionWriter into, ZonedDateTime now) {
        String name = "node_time_zone_offset_seconds";
        into.family(name, MetricType.GAUGE, "How far local time is ahead of UTC.")
                .sample(name, "time_zone", ZONE.format(now), now.getOffset().getTotalSeconds());
    }

    private List<Source> sources() throws IOException {
        List<Source> found = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return found;
        }
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(directory, "clocksource*")) {
            for (Path device : devices) {
                found.add(
                        new Source(
                                device.getFileName().toString().substring("clocksource".length()),
                                new HostFile(device.resolve("available_clocksource")),
                                new HostFile(device.resolve("current_clocksource"))));
            }
        }
        return found;
    }

    private void available(ExpositionWriter into) throws IOException {
        String name = "node_time_clocksource_available_info";
        into.family(name, MetricType.GAUGE, "Clock sources that the kernel could use; always 1.");
        for (Source source : sources) {
            source.available().read(text);
            text.nextLine();
            while (text.nextField()) {
                clockSource(into, name, source);
            }
        }
    }

    private void current(ExpositionWriter into) throws IOException {
        String name = "node_time_clocksource_current_info";
        into.family(name, MetricType.GAUGE, "The clock source that the kernel uses; always 1.");
        for (Source source : sources) {
            source.current().read(text);
            text.nextLine();
            if (text.nextField()) {
                clockSource(into, name, source);
            }
        }
    }

    private void clockSource(ExpositionWriter into, String name, Source source) {
        into.begin(name)
                .label("clocksource", text.bytes(), text.fieldStart(), text.fieldEnd())
                .label("device", source.device())
                .end(1);
    }
}

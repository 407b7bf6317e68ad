package dev.muster.query.alertmanager;

import dev.muster.query.alertmanager.config.AlertmanagerConfig;
import dev.muster.query.alertmanager.config.AlertmanagerFile;
import dev.muster.query.receivers.ReceiverParser;
import dev.muster.yaml.YamlException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The configuration file, read at the start and again when somebody asks for it. Thread-safe.
public final class ConfigHolder {
    private static final System.Logger LOG = System.getLogger(ConfigHolder.class.getName());

    private final Optional<Path> file;
    private final ReceiverParser parser;
    private final InstantSource clock;
    private volatile boolean well = true;
    private volatile long wellAtMs;
    private volatile int hash;

    /// @param file to read; empty for what holds without one
    /// @param parser reads receivers
    public ConfigHolder(
            Optional<Path> file,
            ReceiverParser parser,
            MeterRegistry registry,
            InstantSource clock) {
        this.file = file;
        this.parser = parser;
        this.clock = clock;
        gauge(
                registry,
                "reload_successful",
                "Whether the last reload succeeded.",
                h -> {
                    return h.well ? 1 : 0;
                });
        gauge(
                registry,
                "reload_success_timestamp_seconds",
                "When the configuration was last read well.",
                h -> h.wellAtMs / 1e3);
        Gauge.builder("alertmanager_config_hash", this, h -> h.hash & 0xff_ffff)
                .description("Hash of the currently loaded configuration.")
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            java.util.function.ToDoubleFunction<ConfigHolder> value) {
        Gauge.builder("alertmanager_config_last_" + name, this, value)
                .description(description)
                .register(registry);
    }

    /// What the file says.
    ///
    /// @throws YamlException with line and column of what is wrong
    /// @throws IOException if it cannot be read
    public AlertmanagerConfig read() throws YamlException, IOException {
        try {
            AlertmanagerConfig config =
                    file.isPresent()
                            ? AlertmanagerFile.read(file.get(), parser)
                            : AlertmanagerConfig.ofNobody();
            well = true;
            wellAtMs = clock.millis();
            hash = config.shown().hashCode();
            return config;
        } catch (IOException e) {
            well = false;
            throw e;
        }
    }

    /// Reads the file again; where it is wrong, what it said before holds.
    ///
    /// @return what is wrong; nothing if all is well
    public synchronized List<String> reload(AlertHub hub) {
        if (file.isEmpty()) {
            return List.of();
        }
        try {
            hub.reload(read());
            return List.of();
        } catch (YamlException e) {
            return wrong(e.asCompiler());
        } catch (IOException e) {
            return wrong(e.toString());
        }
    }

    private static List<String> wrong(String message) {
        LOG.log(
                System.Logger.Level.ERROR,
                () -> "alert manager's file is wrong, the one before holds: " + message);
        return List.of(message);
    }
}

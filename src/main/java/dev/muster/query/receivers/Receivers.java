package dev.muster.query.receivers;

import dev.muster.query.receivers.deliver.DeliveryMetrics;
import dev.muster.query.receivers.deliver.Tellers;
import dev.muster.query.receivers.settings.GlobalSettings;
import dev.muster.query.receivers.settings.Integration;
import dev.muster.query.receivers.settings.ReceiverSettings;
import dev.muster.query.receivers.settings.Section;
import dev.muster.query.receivers.text.NotificationTemplates;
import dev.muster.query.rules.FileGlob;
import dev.muster.query.template.TemplateException;
import dev.muster.query.template.TemplateSet;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what a configuration file says of receivers and makes them. Thread-safe.
public final class Receivers implements ReceiverParser {
    private final Vertx vertx;
    private final DeliveryMetrics metrics;
    private final InstantSource clock;

    /// @param vertx sends mails
    public Receivers(Vertx vertx, MeterRegistry registry, InstantSource clock) {
        this.vertx = vertx;
        metrics = new DeliveryMetrics(registry);
        this.clock = clock;
    }

    @Override
    public ReceiverBook parse(
            Optional<YamlMap> global,
            List<YamlMap> receivers,
            List<String> templates,
            Path directory)
            throws YamlException {
        GlobalSettings defaults =
                global.isPresent()
                        ? GlobalSettings.parse(new Section(global.get(), directory))
                        : GlobalSettings.defaults();
        List<ReceiverSettings> all = new ArrayList<>();
        for (YamlMap each : receivers) {
            all.add(ReceiverSettings.parse(new Section(each, directory), defaults));
        }
        TemplateSet set = templates(templates, directory);
        Tellers tellers = new Tellers(set, vertx, metrics, clock);
        Map<String, List<Receiver>> byName = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            byName.put(all.get(i).name(), receivers(all.get(i), receivers.get(i), tellers));
        }
        return new Book(byName, tellers);
    }

    private static List<Receiver> receivers(
            ReceiverSettings settings, YamlMap place, Tellers tellers) throws YamlException {
        List<Receiver> all = new ArrayList<>();
        for (Integration integration : settings.integrations()) {
            try {
                all.add(tellers.receiver(integration));
            } catch (IOException e) {
                tellers.close();
                throw place.error(
                        integration.kind().key(),
                        integration.kind().key() + " must be usable: " + e.getMessage());
            }
        }
        return List.copyOf(all);
    }

    private TemplateSet templates(List<String> patterns, Path directory) throws YamlException {
        try {
            List<Path> files = new ArrayList<>();
            for (String pattern : patterns) {
                files.addAll(FileGlob.files(directory, pattern));
            }
            return NotificationTemplates.with(NotificationTemplates.defaults(clock), files);
        } catch (TemplateException | IOException e) {
            throw new YamlException(
                    directory.toString(), 0, "templates must be right: " + e.getMessage(), e);
        }
    }

    /// Receivers by name.
    private record Book(Map<String, List<Receiver>> byName, Tellers tellers)
            implements ReceiverBook {
        @Override
        public List<String> names() {
            return List.copyOf(byName.keySet());
        }

        @Override
        public List<Receiver> receivers(String name) {
            List<Receiver> found = byName.get(name);
            if (found == null) {
                throw new IllegalArgumentException("receiver must be known: name=" + name);
            }
            return found;
        }

        @Override
        public void close() {
            tellers.close();
        }
    }
}

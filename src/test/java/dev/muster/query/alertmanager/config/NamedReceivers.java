package dev.muster.query.alertmanager.config;

import dev.muster.query.receivers.Receiver;
import dev.muster.query.receivers.ReceiverBook;
import dev.muster.query.receivers.ReceiverParser;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Receivers of a test: whatever they are in the file, they are those that the test has.
public final class NamedReceivers implements ReceiverParser {
    private final Map<String, List<Receiver>> byName = new HashMap<>();

    /// Sets what a name stands for.
    public NamedReceivers with(String name, Receiver... receivers) {
        byName.put(name, List.of(receivers));
        return this;
    }

    @Override
    public ReceiverBook parse(
            Optional<YamlMap> global,
            List<YamlMap> receivers,
            List<String> templates,
            Path directory)
            throws YamlException {
        List<String> names = new ArrayList<>();
        for (YamlMap map : receivers) {
            names.add(map.text("name", ""));
            map.allow(List.of("webhook_configs"));
            map.refuseOthers();
        }
        return new Book(List.copyOf(names), Map.copyOf(byName));
    }

    private record Book(List<String> names, Map<String, List<Receiver>> byName)
            implements ReceiverBook {
        @Override
        public List<Receiver> receivers(String name) {
            return byName.getOrDefault(name, List.of());
        }

        @Override
        public void close() {}
    }
}

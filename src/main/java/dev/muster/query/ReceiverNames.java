package dev.muster.query;

import dev.muster.query.receivers.Receiver;
import dev.muster.query.receivers.ReceiverBook;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Receivers that tell nobody: a name without any configuration. Others are refused.
record ReceiverNames(List<String> names) implements ReceiverBook {
    static ReceiverBook parse(
            Optional<YamlMap> global,
            List<YamlMap> receivers,
            List<String> templates,
            Path directory)
            throws YamlException {
        List<String> names = new ArrayList<>();
        for (YamlMap map : receivers) {
            names.add(map.text("name", ""));
            map.refuseOthers();
        }
        return new ReceiverNames(List.copyOf(names));
    }

    @Override
    public List<Receiver> receivers(String name) {
        return List.of();
    }

    @Override
    public void close() {}
}

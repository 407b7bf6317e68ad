package dev.muster.query.alertmanager.config;

import dev.muster.query.alertmanager.match.Matcher;
import dev.muster.query.receivers.ReceiverBook;
import dev.muster.query.receivers.ReceiverParser;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads Alertmanager's configuration file. For one file.
public final class AlertmanagerFile {
    private static final long SIZE_LIMIT_BYTES = 16 << 20;

    private final YamlMap root;
    private final Map<String, List<TimeInterval>> times = new HashMap<>();

    private AlertmanagerFile(YamlMap root) {
        this.root = root;
    }

    /// What a file says.
    ///
    /// @throws YamlException with line and column of what is wrong
    /// @throws IOException if it cannot be read
    public static AlertmanagerConfig read(Path file, ReceiverParser receivers)
            throws YamlException, IOException {
        if (Files.size(file) > SIZE_LIMIT_BYTES) {
            throw new IOException(file + ": file must have at most bytes=" + SIZE_LIMIT_BYTES);
        }
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
        return parse(file.toString(), Files.readString(file), directory, receivers);
    }

    /// What a file's text says.
    ///
    /// @param directory that paths are relative to
    /// @throws YamlException with line and column of what is wrong
    public static AlertmanagerConfig parse(
            String file, String text, Path directory, ReceiverParser receivers)
            throws YamlException {
        YamlMap root = YamlMap.parse(file, text);
        AlertmanagerConfig config = new AlertmanagerFile(root).config(directory, receivers);
        return new AlertmanagerConfig(
                config.resolveTimeout(),
                config.route(),
                config.inhibitRules(),
                config.times(),
                config.receivers(),
                config.templates(),
                ShownFile.of(root));
    }

    private AlertmanagerConfig config(Path directory, ReceiverParser parser) throws YamlException {
        Optional<YamlMap> global = root.map("global");
        List<YamlMap> receivers = root.maps("receivers");
        Optional<YamlMap> route = root.map("route");
        List<YamlMap> inhibit = root.maps("inhibit_rules");
        List<YamlMap> mute = root.maps("mute_time_intervals");
        List<YamlMap> intervals = root.maps("time_intervals");
        List<String> templates = root.texts("templates");
        root.refuseOthers();
        Duration resolve = AlertmanagerConfig.RESOLVE_TIMEOUT;
        if (global.isPresent()) {
            resolve = global.get().duration("resolve_timeout", RouteReading::time).orElse(resolve);
        }
        readTimes("mute time interval", mute);
        readTimes("time interval", intervals);
        List<InhibitRule> rules = new ArrayList<>();
        for (YamlMap map : inhibit) {
            rules.add(inhibitRule(map));
        }
        if (route.isEmpty()) {
            throw root.error("route", "no route provided in config");
        }
        Set<String> names = names(receivers);
        Route tree = new RouteReading(names, times.keySet()).root(route.get());
        ReceiverBook book = parser.parse(global, receivers, templates, directory);
        if (global.isPresent()) {
            global.get().refuseOthers();
        }
        return new AlertmanagerConfig(resolve, tree, rules, times, book, templates, "");
    }

    private static Set<String> names(List<YamlMap> receivers) throws YamlException {
        Set<String> names = new HashSet<>();
        for (YamlMap map : receivers) {
            String name = map.text("name", "");
            if (name.isEmpty()) {
                throw map.error("name", "missing name in receiver");
            }
            if (!names.add(name)) {
                throw map.error("name", "notification config name \"" + name + "\" is not unique");
            }
        }
        return names;
    }

    private void readTimes(String what, List<YamlMap> maps) throws YamlException {
        for (YamlMap map : maps) {
            String name = map.text("name", "");
            List<TimeInterval> intervals = new ArrayList<>();
            for (YamlMap each : map.maps("time_intervals")) {
                intervals.add(TimeIntervalReading.of(each));
            }
            map.refuseOthers();
            if (name.isEmpty()) {
                throw map.error("name", "missing name in " + what);
            }
            if (times.putIfAbsent(name, List.copyOf(intervals)) != null) {
                throw map.error("name", what + " \"" + name + "\" is not unique");
            }
        }
    }

    private static InhibitRule inhibitRule(YamlMap map) throws YamlException {
        var _ = map.text("name", "");
        List<Matcher> source = RouteReading.matchers(map, "source_");
        List<Matcher> target = RouteReading.matchers(map, "target_");
        List<String> equal = map.texts("equal");
        map.refuseOthers();
        for (String label : equal) {
            if (label.isEmpty()) {
                throw map.error("equal", "invalid label name \"\" in equal list");
            }
        }
        return new InhibitRule(source, target, equal);
    }
}

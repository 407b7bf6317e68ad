package dev.muster.query.rules;

import dev.muster.model.labels.Labels;
import dev.muster.promql.DurationText;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import dev.muster.query.template.TemplateException;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads Prometheus' rule files. One use each.
public final class RuleFile {
    private static final long SIZE_LIMIT_BYTES = 16 << 20;

    private final String file;
    private final List<String> errors = new ArrayList<>();

    private RuleFile(String file) {
        this.file = file;
    }

    /// The groups of a file.
    ///
    /// @throws RuleFileException with all that is wrong in it
    /// @throws IOException if it cannot be read
    public static List<RuleGroup> read(Path file) throws RuleFileException, IOException {
        if (Files.size(file) > SIZE_LIMIT_BYTES) {
            throw new RuleFileException(
                    List.of(file + ": file must have at most bytes=" + SIZE_LIMIT_BYTES));
        }
        return parse(file.toString(), Files.readString(file));
    }

    /// The groups of a file's text.
    ///
    /// @throws RuleFileException with all that is wrong in it
    public static List<RuleGroup> parse(String file, String text) throws RuleFileException {
        RuleFile reading = new RuleFile(file);
        List<RuleGroup> groups = reading.groups(text);
        if (!reading.errors.isEmpty()) {
            throw new RuleFileException(reading.errors);
        }
        return groups;
    }

    /// A duration as configuration files write it; empty for none.
    public static Optional<Duration> duration(String text) {
        try {
            return Optional.of(Duration.ofMillis(DurationText.parseMs(text)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private List<RuleGroup> groups(String text) {
        List<RuleGroup> groups = new ArrayList<>();
        try {
            YamlMap root = YamlMap.parse(file, text);
            List<YamlMap> maps = root.maps("groups");
            root.refuseOthers();
            Set<String> names = new HashSet<>();
            for (YamlMap map : maps) {
                RuleGroup group = group(map);
                if (group.name().isEmpty()) {
                    wrong(map.line() + ":" + map.column() + ": Groupname must not be empty");
                }
                if (!names.add(group.name())) {
                    wrong(
                            map.line()
                                    + ":"
                                    + map.column()
                                    + ": groupname: \""
                                    + group.name()
                                    + "\" is repeated in the same file");
                }
                groups.add(group);
            }
        } catch (YamlException e) {
            errors.add(e.asCompiler());
        }
        return groups;
    }

    private void wrong(String message) {
        errors.add(file + ": " + message);
    }

    private RuleGroup group(YamlMap map) throws YamlException {
        String name = map.text("name", "");
        Optional<Duration> interval = map.duration("interval", RuleFile::duration);
        Optional<Duration> offset = map.duration("query_offset", RuleFile::duration);
        long limit = map.count("limit", 0);
        SortedMap<String, String> labels = map.words("labels");
        for (String label : labels.keySet()) {
            if (!isLabel(label)) {
                wrong("group \"" + name + "\": invalid label name: " + label);
            }
        }
        List<Rule> rules = new ArrayList<>();
        int number = 0;
        List<YamlMap> maps = map.maps("rules");
        map.refuseOthers();
        for (YamlMap each : maps) {
            rules.add(new RuleReading(each, name, ++number).rule(labels));
        }
        return new RuleGroup(
                file,
                name,
                interval.filter(Duration::isPositive),
                offset,
                Math.clamp(limit, 0, Integer.MAX_VALUE),
                rules);
    }

    private static boolean isLabel(String name) {
        return !name.isEmpty() && !name.equals(Labels.METRIC);
    }

    /// One rule of the file.
    private final class RuleReading {
        private final YamlMap map;
        private final String group;
        private final int number;
        private final String record;
        private final String alert;

        private RuleReading(YamlMap map, String group, int number) throws YamlException {
            this.map = map;
            this.group = group;
            this.number = number;
            record = map.text("record", "");
            alert = map.text("alert", "");
        }

        private Rule rule(SortedMap<String, String> groupLabels) throws YamlException {
            String expr = map.text("expr", "");
            Optional<Duration> hold = map.duration("for", RuleFile::duration);
            Optional<Duration> keep = map.duration("keep_firing_for", RuleFile::duration);
            SortedMap<String, String> own = map.words("labels");
            SortedMap<String, String> annotations = map.words("annotations");
            map.refuseOthers();
            requireOneName();
            requireExpression(expr);
            if (!record.isEmpty()) {
                requireNone("annotations", !annotations.isEmpty());
                requireNone("for", hold.filter(Duration::isPositive).isPresent());
                requireNone("keep_firing_for", keep.filter(Duration::isPositive).isPresent());
                requireMetricName();
            }
            requireNames(own, annotations);
            SortedMap<String, String> labels = new TreeMap<>(groupLabels);
            labels.putAll(own);
            if (record.isEmpty()) {
                requireTemplates("label", own);
                requireTemplates("annotation", annotations);
                return new Rule.Alerting(
                        alert,
                        expr,
                        hold.orElse(Duration.ZERO),
                        keep.orElse(Duration.ZERO),
                        labels,
                        annotations);
            }
            return new Rule.Recording(record, expr, labels);
        }

        private void requireOneName() {
            if (record.isEmpty() == alert.isEmpty()) {
                wrong(
                        "record",
                        record.isEmpty()
                                ? "one of 'record' or 'alert' must be set"
                                : "only one of 'record' and 'alert' must be set");
            }
        }

        private void requireExpression(String expr) {
            if (expr.isEmpty()) {
                wrong("expr", "field 'expr' must be set in rule");
                return;
            }
            try {
                PromQl.parse(expr);
            } catch (QueryException e) {
                wrong("expr", "could not parse expression: " + e.getMessage());
            }
        }

        private void requireNone(String field, boolean there) {
            if (there) {
                wrong("record", "invalid field '" + field + "' in recording rule");
            }
        }

        private void requireMetricName() {
            if (record.indexOf('{') >= 0 || record.indexOf('}') >= 0) {
                wrong(
                        "record",
                        "braces present in the recording rule name; should it be in expr?: "
                                + record);
            }
        }

        private void requireNames(
                SortedMap<String, String> labels, SortedMap<String, String> annotations) {
            for (String label : labels.keySet()) {
                if (!isLabel(label)) {
                    wrong("invalid label name: " + label);
                }
            }
            for (String annotation : annotations.keySet()) {
                if (annotation.isEmpty()) {
                    wrong("invalid annotation name: " + annotation);
                }
            }
        }

        private void requireTemplates(String what, SortedMap<String, String> templates) {
            templates.forEach((name, text) -> {
                try {
                    AlertTemplate.check(alert, text);
                } catch (TemplateException e) {
                    wrong(what + " \"" + name + "\": " + e.getMessage());
                }
            });
        }

        private void wrong(String key, String message) {
            errors.add(file + ": " + map.place(key) + ": " + rulePlace() + message);
        }

        private void wrong(String message) {
            errors.add(file + ": " + rulePlace() + message);
        }

        private String rulePlace() {
            return "group \""
                    + group
                    + "\", rule "
                    + number
                    + ", \""
                    + (alert.isEmpty() ? record : alert)
                    + "\": ";
        }
    }
}

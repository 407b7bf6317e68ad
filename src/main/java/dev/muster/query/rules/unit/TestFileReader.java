package dev.muster.query.rules.unit;

import dev.muster.query.rules.RuleFile;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads promtool's files of unit tests.
final class TestFileReader {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private TestFileReader() {}

    static TestFile parse(Path file, String text) throws YamlException {
        YamlMap root = YamlMap.parse(file.toString(), text);
        Duration interval = positive(root, "evaluation_interval").orElse(INTERVAL);
        List<String> ruleFiles = root.texts("rule_files");
        List<String> order = root.texts("group_eval_order");
        boolean fuzzy = root.flag("fuzzy_compare", false);
        List<YamlMap> tests = root.maps("tests");
        root.refuseOthers();
        List<TestFile.Case> cases = new ArrayList<>();
        for (YamlMap test : tests) {
            cases.add(test(test, interval));
        }
        Path parent = file.getParent();
        return new TestFile(
                ruleFiles, parent == null ? Path.of("") : parent, interval, order, fuzzy, cases);
    }

    private static Optional<Duration> positive(YamlMap map, String key) throws YamlException {
        return map.duration(key, RuleFile::duration).filter(Duration::isPositive);
    }

    private static Duration time(YamlMap map) throws YamlException {
        return map.duration("eval_time", RuleFile::duration).orElse(Duration.ZERO);
    }

    private static TestFile.Case test(YamlMap map, Duration otherwise) throws YamlException {
        Duration interval = positive(map, "interval").orElse(otherwise);
        String name = map.text("name", "");
        List<String> input = new ArrayList<>();
        for (YamlMap series : map.maps("input_series")) {
            input.add(series.text("series", "") + " " + series.text("values", ""));
            series.refuseOthers();
        }
        List<TestFile.AlertTest> alerts = new ArrayList<>();
        for (YamlMap alert : map.maps("alert_rule_test")) {
            alerts.add(alert(alert));
        }
        List<TestFile.ExprTest> exprs = new ArrayList<>();
        for (YamlMap expr : map.maps("promql_expr_test")) {
            exprs.add(expr(expr));
        }
        SortedMap<String, String> externalLabels = map.words("external_labels");
        String externalUrl = map.text("external_url", "");
        long startMs =
                map.value(
                                "start_timestamp",
                                "seconds since 1970 or a time such as 2026-01-01T00:00:00Z",
                                TestFileReader::startMs)
                        .orElse(0L);
        map.refuseOthers();
        return new TestFile.Case(
                name, interval, input, alerts, exprs, externalLabels, externalUrl, startMs);
    }

    private static Optional<Long> startMs(String text) {
        try {
            return Optional.of(
                    text.matches("[-+]?[0-9.]+")
                            ? Math.round(Double.parseDouble(text) * 1000)
                            : OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (NumberFormatException | DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static TestFile.AlertTest alert(YamlMap map) throws YamlException {
        Duration time = time(map);
        String name = map.text("alertname", "");
        List<TestFile.ExpectedAlert> expected = new ArrayList<>();
        for (YamlMap each : map.maps("exp_alerts")) {
            SortedMap<String, String> labels = new TreeMap<>(each.words("exp_labels"));
            labels.put("alertname", name);
            expected.add(new TestFile.ExpectedAlert(labels, each.words("exp_annotations")));
            each.refuseOthers();
        }
        map.refuseOthers();
        return new TestFile.AlertTest(time, name, expected);
    }

    private static TestFile.ExprTest expr(YamlMap map) throws YamlException {
        Duration time = time(map);
        String expr = map.text("expr", "");
        List<TestFile.ExpectedSample> expected = new ArrayList<>();
        for (YamlMap each : map.maps("exp_samples")) {
            expected.add(
                    new TestFile.ExpectedSample(
                            each.text("labels", ""),
                            each.number("value", 0),
                            each.text("histogram", "")));
            each.refuseOthers();
        }
        map.refuseOthers();
        return new TestFile.ExprTest(expr, time, expected);
    }
}

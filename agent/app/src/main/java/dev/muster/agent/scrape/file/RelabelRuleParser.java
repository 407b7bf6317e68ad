package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.relabel.RelabelAction;
import dev.muster.agent.scrape.relabel.RelabelPattern;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns `relabel_configs` and `metric_relabel_configs` into rules.
final class RelabelRuleParser {
    private RelabelRuleParser() {}

    static List<RelabelRule> parse(YamlMap config, String key) throws YamlException {
        List<RelabelRule> rules = new ArrayList<>();
        for (YamlMap rule : config.maps(key)) {
            rules.add(parse(rule));
        }
        return rules;
    }

    private static RelabelRule parse(YamlMap rule) throws YamlException {
        String regex = rule.text("regex", RelabelRule.DEFAULT_REGEX.text());
        try {
            RelabelRule result =
                    new RelabelRule(
                            rule.value(
                                    "action",
                                    RelabelAction.REPLACE,
                                    "a relabel action",
                                    RelabelAction::of),
                            rule.texts("source_labels"),
                            rule.text("separator", RelabelRule.DEFAULT_SEPARATOR),
                            RelabelPattern.of(regex),
                            rule.value("modulus", 0L, "a whole number", RelabelRuleParser::modulus),
                            rule.text("target_label", ""),
                            rule.text("replacement", RelabelRule.DEFAULT_REPLACEMENT),
                            ScrapeValues.place(rule).toString());
            rule.refuseOthers();
            refuseUseless(rule, result);
            return result;
        } catch (IllegalArgumentException e) {
            throw rule.error(
                    rule.has("regex") && e.getCause() != null ? "regex" : "action",
                    String.valueOf(e.getMessage()));
        }
    }

    /// Refuses settings that the action does not look at, as Prometheus does: they are there by
    /// mistake.
    private static void refuseUseless(YamlMap rule, RelabelRule parsed) throws YamlException {
        List<String> useless =
                switch (parsed.action()) {
                    case LABELDROP, LABELKEEP ->
                            List.of(
                                    "source_labels",
                                    "target_label",
                                    "modulus",
                                    "separator",
                                    "replacement");
                    case KEEPEQUAL, DROPEQUAL ->
                            List.of("regex", "modulus", "separator", "replacement");
                    case LOWERCASE, UPPERCASE -> List.of("replacement");
                    case REPLACE, KEEP, DROP, HASHMOD, LABELMAP -> List.of();
                };
        for (String key : useless) {
            if (rule.has(key) && !isDefault(rule, key)) {
                throw rule.error(
                        key,
                        key
                                + " must not be given for the action: action="
                                + parsed.action().text());
            }
        }
    }

    private static boolean isDefault(YamlMap rule, String key) throws YamlException {
        return switch (key) {
            case "source_labels" -> rule.texts(key).isEmpty();
            case "separator" -> rule.text(key, "").equals(RelabelRule.DEFAULT_SEPARATOR);
            case "replacement" -> rule.text(key, "").equals(RelabelRule.DEFAULT_REPLACEMENT);
            case "regex" -> rule.text(key, "").equals(RelabelRule.DEFAULT_REGEX.text());
            default -> List.of("", "0").contains(rule.text(key, ""));
        };
    }

    private static Optional<Long> modulus(String text) {
        try {
            return Optional.of(Long.parseLong(text)).filter(value -> value >= 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}

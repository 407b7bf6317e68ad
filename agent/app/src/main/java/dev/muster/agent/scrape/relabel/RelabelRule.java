package dev.muster.agent.scrape.relabel;

import dev.muster.model.labels.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One step of relabelling, with Prometheus' meaning.
///
/// @param action what is done
/// @param sourceLabels labels whose values, joined by `separator`, are looked at
/// @param separator stands between the values of the source labels
/// @param regex matched against the whole joined value, or against label names
/// @param modulus of `hashmod`; at least 1 there
/// @param targetLabel label that is written or compared; empty where the action needs none. For
///   `replace` it may name groups of the regex
/// @param replacement what is written, with groups of the regex
/// @param place where the rule is written, such as `prometheus.yml:17`; empty for one of the
///   agent's own. Rules that differ in nothing else are equal, so that a line added above them
///   changes no target
public record RelabelRule(
        RelabelAction action,
        List<String> sourceLabels,
        String separator,
        RelabelPattern regex,
        long modulus,
        String targetLabel,
        String replacement,
        String place) {
    public static final String DEFAULT_SEPARATOR = ";";
    public static final String DEFAULT_REPLACEMENT = "$1";
    public static final RelabelPattern DEFAULT_REGEX = RelabelPattern.of("(.*)");

    public RelabelRule {
        sourceLabels = List.copyOf(sourceLabels);
        if (action.needsTarget() && targetLabel.isEmpty()) {
            throw new IllegalArgumentException(
                    "relabel action must have a target_label: action=" + action.text());
        }
        if (action == RelabelAction.HASHMOD && modulus < 1) {
            throw new IllegalArgumentException(
                    "hashmod must have a modulus of at least 1: modulus=" + modulus);
        }
    }

    /// A rule that is written in no file.
    public RelabelRule(
            RelabelAction action,
            List<String> sourceLabels,
            String separator,
            RelabelPattern regex,
            long modulus,
            String targetLabel,
            String replacement) {
        this(action, sourceLabels, separator, regex, modulus, targetLabel, replacement, "");
    }

    /// Applies the rules one after another.
    ///
    /// @return the labels as rewritten; null if a rule drops them
    public static @Nullable Labels apply(List<RelabelRule> rules, Labels labels) {
        Labels current = labels;
        for (RelabelRule rule : rules) {
            @Nullable Labels next = rule.apply(current);
            if (next == null) {
                return null;
            }
            current = next;
        }
        return current;
    }

    /// The labels as this rule rewrites them; null if it drops them.
    public @Nullable Labels apply(Labels labels) {
        return switch (action) {
            case KEEP -> regex.matches(joined(labels)) ? labels : null;
            case DROP -> regex.matches(joined(labels)) ? null : labels;
            case KEEPEQUAL -> joined(labels).equals(labels.valueOf(targetLabel)) ? labels : null;
            case DROPEQUAL -> joined(labels).equals(labels.valueOf(targetLabel)) ? null : labels;
            case REPLACE -> replace(labels);
            case HASHMOD -> set(labels, targetLabel, Long.toString(hash(joined(labels))));
            case LOWERCASE -> set(labels, targetLabel, lower(joined(labels)));
            case UPPERCASE -> set(labels, targetLabel, upper(joined(labels)));
            case LABELMAP -> map(labels);
            case LABELDROP -> filter(labels, false);
            case LABELKEEP -> filter(labels, true);
        };
    }

    /// What the rule looks at: the values of its source labels, joined.
    String joined(Labels labels) {
        return sourceLabels.stream().map(labels::valueOf).collect(Collectors.joining(separator));
    }

    private Labels replace(Labels labels) {
        String value = joined(labels);
        @Nullable String name = regex.expand(value, targetLabel);
        if (name == null || name.isEmpty()) {
            return labels;
        }
        @Nullable String text = regex.expand(value, replacement);
        return set(labels, name, text == null ? "" : text);
    }

    private Labels map(Labels labels) {
        Labels.Builder result = labels.toBuilder();
        labels.forEach((name, value) -> {
            @Nullable String newName = regex.expand(name, replacement);
            if (newName != null && !newName.isEmpty()) {
                result.set(newName, value);
            }
        });
        return result.build();
    }

    private Labels filter(Labels labels, boolean keepMatching) {
        Labels.Builder result = Labels.builder();
        labels.forEach((name, value) -> {
            if (regex.matches(name) == keepMatching) {
                result.set(name, value);
            }
        });
        return result.build();
    }

    /// The last eight bytes of the MD5 sum as an unsigned number, modulo `modulus`.
    private long hash(String value) {
        try {
            byte[] sum =
                    MessageDigest.getInstance("MD5").digest(value.getBytes(StandardCharsets.UTF_8));
            return Long.remainderUnsigned(ByteBuffer.wrap(sum).getLong(8), modulus);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    /*
     * Character by character, as Go does it: no character becomes two, and none looks at others.
     */
    private static String lower(String text) {
        return text.codePoints()
                .map(Character::toLowerCase)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String upper(String text) {
        return text.codePoints()
                .map(Character::toUpperCase)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static Labels set(Labels labels, String name, String value) {
        return labels.toBuilder().set(name, value).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RelabelRule rule
                && action == rule.action
                && sourceLabels.equals(rule.sourceLabels)
                && separator.equals(rule.separator)
                && regex.equals(rule.regex)
                && modulus == rule.modulus
                && targetLabel.equals(rule.targetLabel)
                && replacement.equals(rule.replacement);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                action, sourceLabels, separator, regex, modulus, targetLabel, replacement);
    }
}

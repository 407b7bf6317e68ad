package dev.muster.agent.intake.mqtt;

import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A filter of topics whose levels may have names: `plant/{line}/{__name__}` is subscribed to as
/// `plant/+/+`, and each level with a name becomes a label. `+` is a level without a name, `#` at
/// the end all that follow; with one of them series get the label `topic`. Immutable.
public final class TopicTemplate {
    private static final Pattern NAMED = Pattern.compile("\\{([a-zA-Z_][a-zA-Z0-9_]*)}");

    private final String text;
    private final List<String> levels;
    private final boolean open;
    private final boolean unnamed;

    /// @throws IllegalArgumentException if it is no filter
    public TopicTemplate(String text) {
        this.text = text;
        levels = new ArrayList<>(List.of(text.split("/", -1)));
        open = levels.getLast().equals("#");
        if (open) {
            levels.removeLast();
        }
        unnamed = open || levels.contains("+");
        for (String level : levels) {
            boolean plain = level.equals("+") || !level.matches(".*[+#{}].*");
            if (text.isEmpty() || (!plain && !NAMED.matcher(level).matches())) {
                throw new IllegalArgumentException(
                        "mqtt-topics must be levels, {label}, + or a last #: found=" + text);
            }
        }
    }

    /// As a broker takes it.
    String filter() {
        return NAMED.matcher(text).replaceAll("+");
    }

    /// The labels that a topic gives; empty if it is not one of these.
    Optional<Labels> labels(String topic) {
        String[] found = topic.split("/", -1);
        if (open ? found.length < levels.size() : found.length != levels.size()) {
            return Optional.empty();
        }
        Labels.Builder labels = Labels.builder();
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            if (level.startsWith("{")) {
                labels.set(level.substring(1, level.length() - 1), found[i]);
            } else if (!level.equals("+") && !level.equals(found[i])) {
                return Optional.empty();
            }
        }
        return Optional.of((unnamed ? labels.set("topic", topic) : labels).build());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicTemplate that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

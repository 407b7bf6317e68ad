package dev.muster.agent.scrape.discovery;

import dev.muster.model.labels.Labels;

/// What is known of a target's service, such as its owner, team and runbook. Discoveries and
/// relabel rules say it in labels that begin with `__info_`; it becomes the labels of the target's
/// `target_info`.
public final class TargetInfo {
    /// How such labels begin.
    public static final String PREFIX = "__info_";

    /// Most labels of one target; more are left out, last names first.
    public static final int LABELS_LIMIT = 32;

    /// Longest name and value; a longer value is cut, a longer name left out.
    public static final int NAME_LIMIT = 64;

    public static final int VALUE_LIMIT = 512;

    private TargetInfo() {}

    /// @param relabelled labels after relabelling
    /// @param target labels that the target's series get: those names are taken
    static Labels of(Labels relabelled, Labels target) {
        Labels.Builder info = Labels.builder();
        int count = 0;
        for (int i = 0; i < relabelled.size() && count < LABELS_LIMIT; i++) {
            if (!relabelled.name(i).startsWith(PREFIX) || relabelled.value(i).isEmpty()) {
                continue;
            }
            String name = name(relabelled.name(i).substring(PREFIX.length()));
            if (!name.isEmpty()
                    && name.length() <= NAME_LIMIT
                    && !name.startsWith("__")
                    && target.get(name) == null
                    && info.get(name) == null) {
                info.set(name, cut(relabelled.value(i)));
                count++;
            }
        }
        return count == 0 ? Labels.EMPTY : info.build();
    }

    /// A name that PromQL can write without quotes: any other sign becomes `_`.
    public static String name(String text) {
        StringBuilder name = new StringBuilder(text.length() + 1);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            boolean digit = c >= '0' && c <= '9';
            if (digit && i == 0) {
                name.append('_');
            }
            name.append(letter || digit ? c : '_');
        }
        return name.toString();
    }

    private static String cut(String value) {
        if (value.length() <= VALUE_LIMIT) {
            return value;
        }
        int end =
                Character.isHighSurrogate(value.charAt(VALUE_LIMIT - 1))
                        ? VALUE_LIMIT - 1
                        : VALUE_LIMIT;
        return value.substring(0, end);
    }
}

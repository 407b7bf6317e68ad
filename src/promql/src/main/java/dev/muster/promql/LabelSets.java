package dev.muster.promql;

import dev.muster.model.labels.LabelText;
import dev.muster.model.labels.Labels;

/// Label sets as error texts show them.
final class LabelSets {
    private LabelSets() {}

    /// All labels in braces: `{__name__="up", job="a"}`.
    static String braced(Labels labels) {
        StringBuilder text = new StringBuilder("{");
        labels.forEach((name, value) ->
                text.append(text.length() > 1 ? ", " : "")
                        .append(LabelText.name(name))
                        .append('=')
                        .append(LabelText.quoted(value)));
        return text.append('}').toString();
    }
}

package dev.muster.agent.exporter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The families that the lines of a table stand for, made once: a line is looked up by its number,
/// for lines seldom change their order.
final class FieldFamilies {
    /// @param name the metric's name
    /// @param help what it says
    record Family(String name, String help) {}

    private final Function<String, Family> make;
    private final Map<String, Family> byField = new HashMap<>();
    private final List<String> byLine = new ArrayList<>();

    /// @param make the family of a field
    FieldFamilies(Function<String, Family> make) {
        this.make = make;
    }

    /// The family of the field that the cursor is at.
    ///
    /// @param line number of the line, from 0, without gaps
    Family at(int line, TextCursor text) {
        if (line < byLine.size() && text.fieldIs(byLine.get(line))) {
            return byField.computeIfAbsent(byLine.get(line), make);
        }
        String field = text.text();
        if (line < byLine.size()) {
            byLine.set(line, field);
        } else {
            byLine.add(field);
        }
        return byField.computeIfAbsent(field, make);
    }
}

package dev.muster.query.rules;

import java.util.List;

/// A rule file is wrong: all that is wrong in it, each with the file and, where known, line and
/// column.
public final class RuleFileException extends Exception {
    private final List<String> errors;

    RuleFileException(List<String> errors) {
        super(String.join("\n", errors));
        this.errors = List.copyOf(errors);
    }

    public List<String> errors() {
        return errors;
    }
}

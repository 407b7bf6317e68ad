package dev.muster.query.template;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A part of a parsed template. `toString` is Go's text of it, for messages.
sealed interface Node {
    /// Index of its first char in the text.
    int start();

    /// Text that stands for itself.
    record Text(int start, String text) implements Node {}

    /// A pipeline whose value is printed, unless it declares variables.
    record Action(int start, Pipe pipe) implements Node {}

    record If(int start, Pipe pipe, List<Node> then, List<Node> otherwise) implements Node {}

    record With(int start, Pipe pipe, List<Node> then, List<Node> otherwise) implements Node {}

    record Range(int start, Pipe pipe, List<Node> then, List<Node> otherwise) implements Node {}

    record Invoke(int start, String name, Optional<Pipe> pipe) implements Node {}

    record Break(int start) implements Node {}

    record Continue(int start) implements Node {}

    /// What has a value.
    sealed interface Operand extends Node {}

    /// @param variables that it sets
    /// @param assign whether they were declared before
    record Pipe(int start, List<String> variables, boolean assign, List<Command> commands)
            implements Operand {
        @Override
        public String toString() {
            return (variables.isEmpty()
                            ? ""
                            : String.join(", ", variables) + (assign ? " = " : " := "))
                    + commands.stream().map(Command::toString).collect(Collectors.joining(" | "));
        }
    }

    record Command(int start, List<Operand> words) implements Node {
        @Override
        public String toString() {
            return words.stream().map(Command::shown).collect(Collectors.joining(" "));
        }

        private static String shown(Operand word) {
            return word instanceof Pipe ? "(" + word + ")" : word.toString();
        }
    }

    record Dot(int start) implements Operand {
        @Override
        public String toString() {
            return ".";
        }
    }

    record Nil(int start) implements Operand {
        @Override
        public String toString() {
            return "nil";
        }
    }

    /// A constant.
    ///
    /// @param text as it stands in the template
    record Constant(int start, @Nullable Object value, String text) implements Operand {
        @Override
        public String toString() {
            return text;
        }
    }

    record Function(int start, String name) implements Operand {
        @Override
        public String toString() {
            return name;
        }
    }

    /// A variable, with fields of it.
    record Variable(int start, String name, List<String> fields) implements Operand {
        @Override
        public String toString() {
            return name + path(fields);
        }
    }

    /// Fields of dot.
    record Field(int start, List<String> fields) implements Operand {
        @Override
        public String toString() {
            return path(fields);
        }
    }

    /// Fields of something else.
    record Chain(int start, Operand of, List<String> fields) implements Operand {
        @Override
        public String toString() {
            return (of instanceof Pipe ? "(" + of + ")" : of.toString()) + path(fields);
        }
    }

    private static String path(List<String> fields) {
        return fields.stream().map(field -> "." + field).collect(Collectors.joining());
    }
}

package dev.muster.agent.services.listener;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which listeners a rule is about: those that match everything it names.
///
/// @param patterns expressions in RE2 syntax on the whole value
/// @param ports their ports; empty for any
public record PolicyRule(Map<Field, String> patterns, Optional<Ports> ports) {
    /// What an expression can be about.
    public enum Field {
        /// systemd's unit.
        UNIT,
        /// Short name of the process.
        COMM,
        /// Path of the program.
        EXE,
        /// Name of the user.
        USER,
        /// Identifier of the container.
        CONTAINER,
        /// Identifier of the pod.
        POD,
        /// Path of the control group.
        CGROUP;

        /// As it stands in a file.
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        String of(Listener listener) {
            ProcessIdentity process = listener.process();
            return switch (this) {
                case UNIT -> process.cgroup().unit();
                case COMM -> process.comm();
                case EXE -> process.exe();
                case USER -> process.user();
                case CONTAINER -> process.cgroup().containerId();
                case POD -> process.cgroup().podUid();
                case CGROUP -> process.cgroup().path();
            };
        }
    }

    public PolicyRule {
        patterns = Map.copyOf(patterns);
        if (patterns.isEmpty() && ports.isEmpty()) {
            throw new IllegalArgumentException(
                    "rule must name what it matches: one of unit, comm, exe, user, container, pod,"
                            + " cgroup, port");
        }
        patterns.forEach(PolicyRule::compile);
    }

    private static Pattern compile(Field field, String text) {
        try {
            return Pattern.compile("^(?s:" + text + ")$");
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    field.key() + " must be RE2 syntax: found=" + text + ", " + e.getDescription(),
                    e);
        }
    }

    /// The rule with its expressions compiled.
    Matcher matcher() {
        Map<Field, Pattern> compiled = new EnumMap<>(Field.class);
        patterns.forEach((field, text) -> compiled.put(field, compile(field, text)));
        return listener -> {
            if (ports.isPresent() && !ports.get().has(listener.port())) {
                return false;
            }
            for (var entry : compiled.entrySet()) {
                if (!entry.getValue().matches(entry.getKey().of(listener))) {
                    return false;
                }
            }
            return true;
        };
    }

    /// A rule at work. Thread-safe.
    @FunctionalInterface
    interface Matcher {
        boolean matches(Listener listener);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(patterns)
                .forEach((field, pattern) ->
                        text.append(text.isEmpty() ? "" : " ")
                                .append(field.key())
                                .append('=')
                                .append(pattern));
        ports.ifPresent(set -> text.append(text.isEmpty() ? "" : " ").append("port=").append(set));
        return text.toString();
    }
}

package dev.muster.agent.services.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The part of a command line that says what runs. Arguments hold passwords and tokens, so nothing
/// is shown but the program and, of an interpreter, what it runs.
final class CommandLine {
    private static final int LENGTH_LIMIT = 256;
    private static final Set<String> JAVA_OPTIONS_WITH_VALUE =
            Set.of(
                    "-cp",
                    "-classpath",
                    "--class-path",
                    "-p",
                    "--module-path",
                    "--add-modules",
                    "--add-opens",
                    "--add-exports",
                    "--add-reads");

    private CommandLine() {}

    /// @param arguments separated by NUL, as in `/proc/<pid>/cmdline`
    static String shown(String arguments) {
        List<String> words = new ArrayList<>();
        for (String word : arguments.split("\0", -1)) {
            if (words.size() < 64 && !(words.isEmpty() && word.isEmpty())) {
                words.add(word);
            }
        }
        if (words.isEmpty()) {
            return "";
        }
        // a process may overwrite its title: "nginx: master process /usr/sbin/nginx -g …"
        String program = words.getFirst();
        int space = program.indexOf(' ');
        String first = space < 0 ? program : program.substring(0, space);
        String shown = isPlain(first) ? first : "";
        String run = space < 0 ? run(name(first), words.subList(1, words.size())) : "";
        String whole = run.isEmpty() ? shown : shown + " " + run;
        return whole.length() <= LENGTH_LIMIT ? whole : whole.substring(0, LENGTH_LIMIT);
    }

    private static String name(String program) {
        return program.substring(program.lastIndexOf('/') + 1);
    }

    private static String run(String interpreter, List<String> arguments) {
        if (interpreter.equals("java")) {
            return java(arguments);
        }
        boolean script =
                interpreter.matches("(python|perl|ruby|php|node|nodejs|bash|sh|deno|bun)[0-9.]*");
        if (!script || arguments.isEmpty()) {
            return "";
        }
        String first = arguments.getFirst();
        if (first.equals("-m") && arguments.size() > 1 && isPlain(arguments.get(1))) {
            return "-m " + arguments.get(1);
        }
        return !first.startsWith("-") && isPlain(first) ? first : "";
    }

    private static String java(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            boolean last = i + 1 == arguments.size();
            if (word.equals("-jar") || word.equals("-m") || word.equals("--module")) {
                return last || !isPlain(arguments.get(i + 1))
                        ? ""
                        : word + " " + arguments.get(i + 1);
            }
            if (JAVA_OPTIONS_WITH_VALUE.contains(word)) {
                i++;
            } else if (!word.startsWith("-") && !word.startsWith("@")) {
                return isPlain(word) ? word : "";
            }
        }
        return "";
    }

    /// Letters, digits and what paths and class names are made of: no URL, no assignment.
    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && "_-./+$".indexOf(c) < 0) {
                return false;
            }
        }
        return !word.isEmpty() && word.length() <= LENGTH_LIMIT;
    }
}

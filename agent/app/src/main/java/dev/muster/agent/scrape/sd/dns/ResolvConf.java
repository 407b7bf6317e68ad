package dev.muster.agent.scrape.sd.dns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The servers that this host asks, and how: resolv.conf(5).
///
/// @param servers addresses, asked in order
/// @param search domains in which relative names are looked up
/// @param dots a name with so many dots is looked up as it is first
/// @param timeoutSeconds for one question to one server
/// @param attempts how often each server is asked
record ResolvConf(
        List<String> servers, List<String> search, int dots, int timeoutSeconds, int attempts) {
    private static final int SERVERS_LIMIT = 3;
    private static final int TIMEOUT_LIMIT = 30;
    private static final int ATTEMPTS_LIMIT = 5;
    private static final int DOTS_LIMIT = 15;

    ResolvConf {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
    }

    static ResolvConf read(Path file) throws IOException {
        List<String> servers = new ArrayList<>();
        List<String> search = List.of();
        int dots = 1;
        int timeout = 5;
        int attempts = 2;
        for (String line : Files.readAllLines(file)) {
            String[] words = line.strip().split("\\s+", -1);
            List<String> rest = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> {
                    if (!rest.isEmpty() && servers.size() < SERVERS_LIMIT) {
                        servers.add(rest.getFirst());
                    }
                }
                case "search", "domain" -> search = rest;
                case "options" -> {
                    dots = option(rest, "ndots:", dots, 0, DOTS_LIMIT);
                    timeout = option(rest, "timeout:", timeout, 1, TIMEOUT_LIMIT);
                    attempts = option(rest, "attempts:", attempts, 1, ATTEMPTS_LIMIT);
                }
                default -> {}
            }
        }
        return new ResolvConf(
                servers.isEmpty() ? List.of("127.0.0.1") : servers,
                search,
                dots,
                timeout,
                attempts);
    }

    private static int option(List<String> words, String name, int before, int least, int most) {
        for (String word : words) {
            String value = word.startsWith(name) ? word.substring(name.length()) : "";
            if (!value.isEmpty()
                    && value.length() < 4
                    && value.chars().allMatch(Character::isDigit)) {
                return Math.clamp(Integer.parseInt(value), least, most);
            }
        }
        return before;
    }

    /// The full names to try for `name`, in order.
    List<String> candidates(String name) {
        if (name.endsWith(".")) {
            return List.of(name);
        }
        List<String> names = new ArrayList<>();
        for (String domain : search) {
            names.add(name + "." + (domain.endsWith(".") ? domain : domain + "."));
        }
        boolean itselfFirst = name.chars().filter(c -> c == '.').count() >= dots;
        names.add(itselfFirst ? 0 : names.size(), name + ".");
        return names;
    }
}

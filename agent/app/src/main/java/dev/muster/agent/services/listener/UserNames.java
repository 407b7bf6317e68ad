package dev.muster.agent.services.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Names of the host's users, from its `passwd` file. Confined to one thread.
final class UserNames {
    private static final int SIZE_LIMIT_BYTES = 1 << 20;

    private final Path first;
    private final Path second;
    private String stamp = "";
    private Map<String, String> names = Map.of();

    /// @param second read where the first may not be
    UserNames(Path first, Path second) {
        this.first = first;
        this.second = second;
    }

    /// The user's name, or its number where that has no name.
    String name(String uid) {
        refresh();
        return names.getOrDefault(uid, uid);
    }

    private void refresh() {
        Path file = Files.isReadable(first) ? first : second;
        try {
            String now = Files.getLastModifiedTime(file) + " " + Files.size(file);
            if (now.equals(stamp) || Files.size(file) > SIZE_LIMIT_BYTES) {
                return;
            }
            Map<String, String> read = new HashMap<>();
            for (String line :
                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
                String[] fields = line.split(":", 4);
                if (fields.length == 4 && !fields[0].isEmpty()) {
                    read.putIfAbsent(fields[2], fields[0]);
                }
            }
            names = read;
            stamp = now;
        } catch (IOException e) {
            // numbers do as well
            names = Map.of();
            stamp = "";
        }
    }
}

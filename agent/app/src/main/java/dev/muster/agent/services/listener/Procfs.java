package dev.muster.agent.services.listener;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A procfs, or a tree that looks like one. Processes end at any moment, so what is not there is
/// empty and no error.
final class Procfs {
    private final Path root;
    private final String prefix;

    Procfs(Path root) {
        this.root = root;
        prefix = root + "/";
    }

    /// Numbers of the processes, ascending; none if this is no procfs.
    int[] pids() {
        String @Nullable [] names = root.toFile().list();
        if (names == null) {
            return new int[0];
        }
        int[] pids = new int[names.length];
        int count = 0;
        for (String name : names) {
            int pid = number(name);
            if (pid > 0) {
                pids[count++] = pid;
            }
        }
        pids = Arrays.copyOf(pids, count);
        Arrays.sort(pids);
        return pids;
    }

    /// Names in a directory; none where it may not be read.
    String[] names(String directory) {
        String @Nullable [] names = Path.of(prefix + directory).toFile().list();
        return names == null ? new String[0] : names;
    }

    /// Where a link points; empty where it may not be read.
    String link(String file) {
        try {
            return Files.readSymbolicLink(Path.of(prefix + file)).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /// The beginning of a file; empty where it may not be read.
    String text(String file, int limitBytes) {
        try (InputStream in = new FileInputStream(prefix + file)) {
            return new String(in.readNBytes(limitBytes), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /// @throws IOException if it cannot be opened
    InputStream open(String file) throws IOException {
        return new FileInputStream(prefix + file);
    }

    /// The number in decimal; -1 for anything else.
    static int number(String text) {
        int length = text.length();
        if (length == 0 || length > 9) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}

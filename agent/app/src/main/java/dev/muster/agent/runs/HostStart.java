package dev.muster.agent.runs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// When a host was started.
public final class HostStart {
    private static final String FIELD = "btime ";

    private HostStart() {}

    /// Reads it from the kernel's statistics.
    ///
    /// @param stat `/proc/stat`
    /// @return Unix milliseconds; 0 where it is not told, as if the host had always been up
    public static long readMs(Path stat) {
        try {
            return Files.readAllLines(stat, StandardCharsets.ISO_8859_1).stream()
                            .filter(line -> line.startsWith(FIELD))
                            .mapToLong(
                                    line -> Long.parseLong(line.substring(FIELD.length()).strip()))
                            .findFirst()
                            .orElse(0)
                    * 1_000;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}

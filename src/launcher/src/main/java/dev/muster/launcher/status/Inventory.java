package dev.muster.launcher.status;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// The addresses of a running demo, kept beside the pid files so that `./muster status` need not be
/// told the ports.
///
/// @param addresses by name of the process
public record Inventory(Map<String, URI> addresses) {
    private static final String FILE = "addresses.properties";

    public Inventory {
        addresses = new LinkedHashMap<>(addresses);
    }

    /// Writes it into the run directory.
    public void write(Path runDirectory) throws IOException {
        var text = new StringBuilder();
        addresses.forEach((name, address) -> text.append(name + "=" + address + "\n"));
        Files.writeString(runDirectory.resolve(FILE), text);
    }

    /// Reads the one of the run directory; empty when nothing ever ran there.
    public static Inventory read(Path runDirectory) throws IOException {
        var file = runDirectory.resolve(FILE);
        var sorted = new TreeMap<String, URI>();
        if (Files.exists(file)) {
            var properties = new Properties();
            properties.load(new StringReader(Files.readString(file)));
            properties.forEach(
                    (name, address) -> sorted.put((String) name, URI.create((String) address)));
        }
        return new Inventory(sorted);
    }
}

package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NoDataException;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which operating system the host runs: os-release(5).
record OperatingSystem(HostDirectory root) {
    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)?");
    private static final String[] FIELDS = {
        "build_id",
        "id",
        "id_like",
        "image_id",
        "image_version",
        "name",
        "pretty_name",
        "variant",
        "variant_id",
        "version",
        "version_codename",
        "version_id"
    };

    void fill(FamilyTable table) throws IOException {
        Map<String, String> release = release();
        String[] labels = new String[2 * FIELDS.length];
        for (int i = 0; i < FIELDS.length; i++) {
            labels[2 * i] = FIELDS[i];
            labels[2 * i + 1] = release.getOrDefault(FIELDS[i], "");
        }
        table.gauge("node_os_info", "Which operating system runs.").add(1, labels);
        Matcher version = VERSION.matcher(release.getOrDefault("version_id", ""));
        if (version.lookingAt()) {
            table.gauge("node_os_version", "Major and minor version of the operating system.")
                    .addText(
                            version.group(),
                            "id",
                            release.getOrDefault("id", ""),
                            "id_like",
                            release.getOrDefault("id_like", ""),
                            "name",
                            release.getOrDefault("name", ""));
        }
        supportEnd(release.getOrDefault("support_end", ""), table);
    }

    private static void supportEnd(String date, FamilyTable table) {
        if (date.isEmpty()) {
            return;
        }
        try {
            table.gauge("node_os_support_end_timestamp_seconds", "When support ends.")
                    .add(LocalDate.parse(date).atStartOfDay().toEpochSecond(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            // os-release(5) wants an ISO date; what else stands there tells nothing
            return;
        }
    }

    /// Fields by their names in lower case.
    private Map<String, String> release() throws NoDataException {
        String text =
                root.text("etc/os-release")
                        .or(() -> root.text("usr/lib/os-release"))
                        .orElseThrow(() -> new NoDataException("host has no os-release: " + root));
        Map<String, String> fields = new HashMap<>();
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0 && line.charAt(0) != '#') {
                fields.put(
                        line.substring(0, equals).toLowerCase(Locale.ROOT),
                        unquoted(line.substring(equals + 1).strip()));
            }
        }
        return fields;
    }

    private static boolean isWithin(String value, String quote) {
        return value.startsWith(quote) && value.endsWith(quote);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && (isWithin(value, "\"") || isWithin(value, "'"));
        String bare = quoted ? value.substring(1, value.length() - 1) : value;
        return bare.replaceAll("\\\\(.)", "$1");
    }
}

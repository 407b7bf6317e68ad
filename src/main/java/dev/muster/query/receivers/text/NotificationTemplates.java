package dev.muster.query.receivers.text;

import dev.muster.query.template.AlertFunctions;
import dev.muster.query.template.TemplateException;
import dev.muster.query.template.TemplateSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The templates that notifications may call: those that are always there, and those of files.
public final class NotificationTemplates {
    private static final long SIZE_LIMIT_BYTES = 1 << 20;

    private NotificationTemplates() {}

    /// Those that are always there.
    public static TemplateSet defaults(InstantSource clock) {
        TemplateSet templates = TemplateSet.of(AlertFunctions.of(clock));
        try {
            for (String file : List.of("default.tmpl", "email.tmpl")) {
                templates = templates.with(file, resource(file));
            }
            return templates;
        } catch (TemplateException e) {
            throw new IllegalStateException("the templates of Muster must be right", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = NotificationTemplates.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource must be there: name=" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Those and the ones of files, which hold where they have the same names.
    ///
    /// @throws TemplateException if one is wrong
    /// @throws IOException if a file cannot be read
    public static TemplateSet with(TemplateSet defaults, List<Path> files)
            throws TemplateException, IOException {
        TemplateSet templates = defaults;
        for (Path file : files) {
            if (Files.size(file) > SIZE_LIMIT_BYTES) {
                throw new IOException(file + ": file must have at most bytes=" + SIZE_LIMIT_BYTES);
            }
            templates = templates.with(file.toString(), Files.readString(file));
        }
        return templates;
    }
}

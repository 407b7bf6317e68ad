package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `tls_config`: how the other side of a connection is known, and what is shown to it.
///
/// @param ca PEM file of who is trusted; those of the JDK without it
/// @param cert PEM file of the certificate that is shown
/// @param key PEM file of its private key
/// @param serverName name that the certificate of the server must bear in place of its host
/// @param insecure whether any certificate will do
/// @param protocols versions of TLS that may be spoken, as the JDK names them; any of its own
///   choice if empty
public record TlsSettings(
        Optional<Path> ca,
        Optional<Path> cert,
        Optional<Path> key,
        Optional<String> serverName,
        boolean insecure,
        List<String> protocols) {
    private static final List<String> NAMES = List.of("TLS10", "TLS11", "TLS12", "TLS13");
    private static final List<String> VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    /// Nothing of its own.
    public static final TlsSettings NONE =
            new TlsSettings(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    List.of());

    public TlsSettings {
        protocols = List.copyOf(protocols);
    }

    static TlsSettings parse(Section section) throws YamlException {
        Optional<Path> cert = section.path("cert_file");
        Optional<Path> key = section.path("key_file");
        if (cert.isPresent() != key.isPresent()) {
            throw section.error(
                    cert.isPresent() ? "cert_file" : "key_file",
                    "cert_file and key_file must be given together");
        }
        TlsSettings settings =
                new TlsSettings(
                        section.path("ca_file"),
                        cert,
                        key,
                        section.text("server_name"),
                        section.flag("insecure_skip_verify", false),
                        protocols(section));
        section.end("ca", "cert", "key", "ca_ref", "cert_ref", "key_ref");
        return settings;
    }

    private static List<String> protocols(Section section) throws YamlException {
        int first = version(section, "min_version", -1);
        int last = version(section, "max_version", -1);
        if (first < 0 && last < 0) {
            return List.of();
        }
        int from = first < 0 ? NAMES.indexOf("TLS12") : first;
        int to = last < 0 ? NAMES.size() - 1 : last;
        if (from > to) {
            throw section.error("min_version", "min_version must not be above max_version");
        }
        return VERSIONS.subList(from, to + 1);
    }

    private static int version(Section section, String key, int fallback) throws YamlException {
        Optional<String> name = section.text(key);
        if (name.isEmpty()) {
            return fallback;
        }
        int index = NAMES.indexOf(name.get());
        if (index < 0) {
            throw section.error(key, key + " must be one of " + NAMES + ": found=" + name.get());
        }
        return index;
    }
}

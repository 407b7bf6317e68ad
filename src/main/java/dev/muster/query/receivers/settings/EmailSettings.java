package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// `email_configs`.
///
/// @param to comma-separated addresses
/// @param host of the mail server
/// @param port of the mail server; 465 speaks TLS from the first byte
/// @param hello what this host calls itself; no template
/// @param user who logs in; nobody if empty; no template
/// @param secret for CRAM-MD5; the password if none
/// @param headers beside From, To and Subject, or in their place
public record EmailSettings(
        boolean sendResolved,
        String to,
        String from,
        String host,
        int port,
        String hello,
        String user,
        Optional<Secret> password,
        Optional<Secret> secret,
        boolean requireTls,
        TlsSettings tls,
        SortedMap<String, String> headers,
        String html,
        String text)
        implements Integration {
    public EmailSettings {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }

    @Override
    public Kind kind() {
        return Kind.EMAIL;
    }

    static EmailSettings parse(Section section, GlobalSettings global) throws YamlException {
        GlobalSettings.Smtp smtp = global.smtp();
        Optional<Section> tls = section.section("tls_config");
        String smarthost = section.text("smarthost", smtp.smarthost());
        EmailSettings settings =
                new EmailSettings(
                        section.flag("send_resolved", false),
                        section.required("to"),
                        given(section, "from", smtp.from()),
                        host(section, smarthost),
                        port(section, smarthost),
                        section.text("hello", smtp.hello()),
                        section.text("auth_username", smtp.user()),
                        section.secret("auth_password", "auth_password_file").or(smtp::password),
                        section.secret("auth_secret", "auth_secret_file").or(smtp::secret),
                        section.flag("require_tls", smtp.requireTls()),
                        tls.isPresent() ? TlsSettings.parse(tls.get()) : smtp.tls(),
                        headers(section),
                        section.text("html", "{{ template \"email.default.html\" . }}"),
                        section.text("text", ""));
        requireNoIdentity(section, smtp);
        section.end("threading", "force_implicit_tls");
        return settings;
    }

    private static String given(Section section, String key, String fallback) throws YamlException {
        String text = section.text(key, fallback);
        if (text.isEmpty()) {
            throw section.error(key, key + " must be given here or as smtp_" + key + " of global");
        }
        return text;
    }

    private static String host(Section section, String smarthost) throws YamlException {
        int colon = smarthost.lastIndexOf(':');
        if (colon < 1) {
            throw section.error(
                    "smarthost",
                    "smarthost must be a host and a port, here or as smtp_smarthost of global:"
                            + " found="
                            + smarthost);
        }
        String host = smarthost.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    private static int port(Section section, String smarthost) throws YamlException {
        String port = smarthost.substring(smarthost.lastIndexOf(':') + 1);
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw section.error("smarthost", "smarthost must have a port: found=" + smarthost);
        }
        return Integer.parseInt(port);
    }

    /// A login in another's name is not carried.
    private static void requireNoIdentity(Section section, GlobalSettings.Smtp smtp)
            throws YamlException {
        String identity = section.text("auth_identity", smtp.identity());
        String user = section.text("auth_username", smtp.user());
        if (!identity.isEmpty() && !identity.equals(user)) {
            throw section.error(
                    "auth_identity", "auth_identity must be auth_username: found=" + identity);
        }
    }

    private static SortedMap<String, String> headers(Section section) throws YamlException {
        SortedMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (var entry : section.words("headers").entrySet()) {
            if (headers.put(entry.getKey(), entry.getValue()) != null) {
                throw section.error(
                        "headers", "a header must not stand twice: found=" + entry.getKey());
            }
        }
        return headers;
    }
}

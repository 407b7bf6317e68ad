package dev.muster.agent.services.registry;

import dev.muster.agent.scrape.discovery.TargetInfo;
import dev.muster.agent.scrape.job.ScrapeTiming;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Reads registrations out of JSON objects and refuses what does not hold.
public final class RegistrationReader {
    /// Most bytes of a registration.
    public static final int BODY_LIMIT_BYTES = 64 << 10;

    static final int ID_LIMIT = 128;
    static final int TAGS_LIMIT = 32;
    static final int TAG_LIMIT = 128;
    static final int META_LIMIT = TargetInfo.LABELS_LIMIT;
    static final int PATH_LIMIT = 512;
    private static final int HOST_LIMIT = 253;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT_LEAST = Duration.ofMillis(100);
    private static final Duration TIMEOUT_MOST = Duration.ofMinutes(1);

    private final AddressRule addresses;

    public RegistrationReader(AddressRule addresses) {
        this.addresses = addresses;
    }

    /// Reads a registration as `PUT /v1/services/{id}` takes it.
    ///
    /// @param id where it was put
    /// @throws RegistrationException naming the field at fault
    public Registration read(String id, Map<?, ?> json) throws RegistrationException {
        FieldReader fields = new FieldReader(json, "");
        String inside = fields.text("id", ID_LIMIT);
        if (!inside.isEmpty() && !inside.equals(id)) {
            throw fields.wrong("id", "must be that of the path: path=" + id + ", found=" + inside);
        }
        String address = address(fields, "address");
        int port = port(fields, "port");
        Registration registration =
                new Registration(
                        checkedId("id", id),
                        name(fields, "name"),
                        address,
                        port,
                        path(fields, "metricsPath", fields.text("metricsPath", PATH_LIMIT)),
                        scheme(fields, "scheme"),
                        fields.duration("interval", ScrapeTiming.SHORTEST, ScrapeTiming.LONGEST),
                        fields.texts("tags", TAGS_LIMIT, TAG_LIMIT),
                        meta(fields, "meta"),
                        check(fields, address, port),
                        fields.duration("ttl", SHORTEST, LONGEST),
                        fields.duration(
                                "deregisterCriticalServiceAfter", SHORTEST, Duration.ofDays(365)));
        fields.refuseOthers();
        return registration;
    }

    /// @throws RegistrationException if it is no name for a service
    static String checkedId(String field, String id) throws RegistrationException {
        if (!id.matches("[A-Za-z0-9_][A-Za-z0-9_.:@+-]{0,127}")) {
            throw new RegistrationException(
                    field,
                    "must be 1 to 128 letters, digits and any of _.:@+-, and begin with one of the"
                            + " first three: found="
                            + (id.length() <= ID_LIMIT ? id : id.substring(0, ID_LIMIT) + "…"));
        }
        return id;
    }

    static String name(FieldReader fields, String field) throws RegistrationException {
        String name = fields.text(field, ID_LIMIT);
        if (name.isBlank()) {
            throw fields.wrong(field, "must be given");
        }
        return name;
    }

    String address(FieldReader fields, String field) throws RegistrationException {
        String address = fields.text(field, HOST_LIMIT);
        if (address.isEmpty()) {
            return "127.0.0.1";
        }
        return allowed(fields, field, address);
    }

    String allowed(FieldReader fields, String field, String host) throws RegistrationException {
        if (!host.matches("[A-Za-z0-9._:-]+")) {
            throw fields.wrong(field, "must be an address or a name: found=" + host);
        }
        if (!addresses.allows(host)) {
            throw fields.wrong(
                    field,
                    "must be loopback or an address of this host (muster.services.addresses=host):"
                            + " found="
                            + host);
        }
        return host;
    }

    static int port(FieldReader fields, String field) throws RegistrationException {
        int port = fields.number(field, 1, 65_535, 0);
        if (port == 0) {
            throw fields.wrong(field, "must be given");
        }
        return port;
    }

    static String path(FieldReader fields, String field, String path) throws RegistrationException {
        if (!path.isEmpty() && !path.matches("/[!-~]*")) {
            throw fields.wrong(field, "must begin with / and have no blanks: found=" + path);
        }
        return path;
    }

    static String scheme(FieldReader fields, String field) throws RegistrationException {
        String scheme = fields.text(field, 16);
        return switch (scheme) {
            case "" -> "http";
            case "http", "https" -> scheme;
            default -> throw fields.wrong(field, "must be http or https: found=" + scheme);
        };
    }

    static Map<String, String> meta(FieldReader fields, String field) throws RegistrationException {
        Map<String, String> meta =
                fields.words(field, META_LIMIT, TargetInfo.NAME_LIMIT, TargetInfo.VALUE_LIMIT);
        Map<String, String> names = new HashMap<>();
        for (String key : meta.keySet()) {
            String name = TargetInfo.name(key);
            if (name.equals("job") || name.equals("instance") || name.startsWith("__")) {
                throw fields.wrong(field + "." + key, "must not be a label of every target");
            }
            String other = names.put(name, key);
            if (other != null) {
                throw fields.wrong(
                        field + "." + key,
                        "must become a label of its own: label=" + name + ", also of=" + other);
            }
        }
        return meta;
    }

    private Optional<ServiceCheck> check(FieldReader fields, String address, int port)
            throws RegistrationException {
        Optional<FieldReader> object = fields.object("check");
        if (object.isEmpty()) {
            return Optional.empty();
        }
        FieldReader check = object.get();
        Duration interval = interval(check, "interval");
        Duration timeout = timeout(check, "timeout", interval);
        String http = check.text("http", PATH_LIMIT);
        String tcp = check.text("tcp", HOST_LIMIT + 8);
        if (http.isEmpty() == tcp.isEmpty()) {
            throw fields.wrong("check", "must have one of http and tcp");
        }
        check.refuseOthers();
        return Optional.of(
                http.isEmpty()
                        ? tcp(check, "tcp", tcp, address, interval, timeout)
                        : http(check, "http", http, address, port, interval, timeout));
    }

    static Duration interval(FieldReader check, String field) throws RegistrationException {
        return check.duration(field, SHORTEST, LONGEST).orElse(CHECK_INTERVAL);
    }

    static Duration timeout(FieldReader check, String field, Duration interval)
            throws RegistrationException {
        Duration most = interval.compareTo(CHECK_TIMEOUT) < 0 ? interval : CHECK_TIMEOUT;
        return check.duration(field, TIMEOUT_LEAST, TIMEOUT_MOST).orElse(most);
    }

    /// @param where a path of the service, or a whole URL
    ServiceCheck http(
            FieldReader check,
            String field,
            String where,
            String address,
            int port,
            Duration interval,
            Duration timeout)
            throws RegistrationException {
        if (where.startsWith("/")) {
            return new ServiceCheck.Http(
                    false, address, port, path(check, field, where), interval, timeout);
        }
        URI uri = uri(check, field, where);
        boolean tls = "https".equals(uri.getScheme());
        String host = Optional.ofNullable(uri.getHost()).orElse("").replaceAll("[\\[\\]]", "");
        if ((!tls && !"http".equals(uri.getScheme()))
                || host.isEmpty()
                || uri.getUserInfo() != null) {
            throw check.wrong(field, "must be a path or a URL of http or https: found=" + where);
        }
        String path = Optional.ofNullable(uri.getRawPath()).orElse("");
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        int urlPort = uri.getPort() < 0 ? (tls ? 443 : 80) : uri.getPort();
        if (urlPort < 1 || urlPort > 65_535) {
            throw check.wrong(field, "must have a port from 1 to 65535: found=" + urlPort);
        }
        String target = path(check, field, (path.isEmpty() ? "/" : path) + query);
        return new ServiceCheck.Http(
                tls, allowed(check, field, host), urlPort, target, interval, timeout);
    }

    private static URI uri(FieldReader check, String field, String text)
            throws RegistrationException {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw check.wrong(field, "must be a path or a URL: found=" + text);
        }
    }

    /// @param where `host:port`, or `:port` of the service's address
    ServiceCheck tcp(
            FieldReader check,
            String field,
            String where,
            String address,
            Duration interval,
            Duration timeout)
            throws RegistrationException {
        int colon = where.lastIndexOf(':');
        String digits = where.substring(colon + 1);
        int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
        if (colon < 0 || port < 1 || port > 65_535) {
            throw check.wrong(field, "must be host:port: found=" + where);
        }
        String host = where.substring(0, colon).replaceAll("^\\[|\\]$", "");
        return new ServiceCheck.Tcp(
                host.isEmpty() ? address : allowed(check, field, host), port, interval, timeout);
    }
}

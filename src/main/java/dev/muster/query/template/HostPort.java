package dev.muster.query.template;

import org.jspecify.annotations.Nullable;

/// Hosts with ports, as Go's `net` splits them.
final class HostPort {
    private HostPort() {}

    private record Split(String host, String port) {}

    static String stripPort(String text) {
        Split split = split(text);
        return split == null ? text : split.host;
    }

    static String stripDomain(String text) {
        Split split = split(text);
        String host = split == null ? text : split.host;
        if (isAddress(host)) {
            return text;
        }
        int dot = host.indexOf('.');
        String first = dot < 0 ? host : host.substring(0, dot);
        String port = split == null ? "" : split.port;
        return port.isEmpty() ? first : first + ":" + port;
    }

    /// Null where there is not exactly one port.
    private static @Nullable Split split(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return null;
        }
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end > 0 && end + 1 == colon
                    ? new Split(text.substring(1, end), text.substring(colon + 1))
                    : null;
        }
        String host = text.substring(0, colon);
        return host.indexOf(':') >= 0 || host.indexOf('[') >= 0 || host.indexOf(']') >= 0
                ? null
                : new Split(host, text.substring(colon + 1));
    }

    private static boolean isAddress(String host) {
        if (host.matches("(\\d{1,3})(\\.\\d{1,3}){3}")) {
            for (String part : host.split("\\.", -1)) {
                boolean leadingZero = part.length() > 1 && part.startsWith("0");
                if (leadingZero || Integer.parseInt(part) > 255) {
                    return false;
                }
            }
            return true;
        }
        return host.indexOf(':') >= 0 && host.matches("[0-9a-fA-F:.]+");
    }
}

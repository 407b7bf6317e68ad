package dev.muster.agent.scrape.fetch;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Hosts that are reached without a proxy, as `NO_PROXY` lists them: names with all that end so,
/// `.name` for only those, addresses, blocks of addresses such as `10.0.0.0/8`, each with a port if
/// wanted, or `*` for all. The host itself is always among them.
final class ProxyBypass {
    private sealed interface Rule {
        boolean covers(String host, Optional<InetAddress> address, int port);
    }

    private record Name(String name, boolean exact, int port) implements Rule {
        @Override
        public boolean covers(String host, Optional<InetAddress> address, int toPort) {
            return (port == 0 || port == toPort)
                    && ((exact && host.equals(name)) || host.endsWith("." + name));
        }
    }

    private record Block(byte[] prefix, int bits, int port) implements Rule {
        @Override
        public boolean covers(String host, Optional<InetAddress> address, int toPort) {
            return (port == 0 || port == toPort)
                    && address.map(InetAddress::getAddress).filter(this::contains).isPresent();
        }

        private boolean contains(byte[] bytes) {
            if (bytes.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((bytes[bit >> 3] & mask) != (prefix[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    private final boolean all;

    ProxyBypass(String list) {
        boolean everything = false;
        for (String entry : list.toLowerCase(Locale.ROOT).split(",", -1)) {
            String text = entry.strip();
            if (text.equals("*")) {
                everything = true;
            } else if (!text.isEmpty()) {
                rules.add(rule(text));
            }
        }
        all = everything;
    }

    /// Is that host reached without a proxy?
    ///
    /// @param host name or address, without brackets
    boolean covers(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        Optional<InetAddress> address = address(name);
        if (all
                || name.equals("localhost")
                || address.filter(InetAddress::isLoopbackAddress).isPresent()) {
            return true;
        }
        return rules.stream().anyMatch(rule -> rule.covers(name, address, port));
    }

    private static Rule rule(String text) {
        int slash = text.indexOf('/');
        if (slash > 0) {
            Optional<InetAddress> base = address(text.substring(0, slash));
            int bits = number(text.substring(slash + 1), 128);
            if (base.isPresent() && bits >= 0 && bits <= 8 * base.get().getAddress().length) {
                return new Block(base.get().getAddress(), bits, 0);
            }
        }
        int colon = text.lastIndexOf(':');
        int port = colon < 0 ? -1 : number(text.substring(colon + 1), 65_535);
        boolean hasPort = port > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        String host = hasPort ? text.substring(0, colon) : text;
        Optional<InetAddress> address = address(host);
        if (address.isPresent()) {
            byte[] bytes = address.get().getAddress();
            return new Block(bytes, 8 * bytes.length, hasPort ? port : 0);
        }
        String bare = host.startsWith("*.") ? host.substring(1) : host;
        boolean exact = !bare.startsWith(".");
        return new Name(exact ? bare : bare.substring(1), exact, hasPort ? port : 0);
    }

    /// An address that is written as one; names are not looked up.
    private static Optional<InetAddress> address(String host) {
        String bare =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int number(String text, int most) {
        try {
            int number = Integer.parseInt(text);
            return number > most ? -1 : number;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}

package dev.muster.federation.member;

/// What the names in a cell may look like.
public final class Names {
    /// Longest host or cell name.
    public static final int NAME_LIMIT = 253;

    /// Longest URL.
    public static final int URL_LIMIT = 1024;

    private Names() {}

    /// @throws IllegalArgumentException if the host name is empty, too long or holds control
    ///   characters
    public static void refuseBadHost(String host) {
        refuseBad("host", host);
    }

    /// @throws IllegalArgumentException if the cell name is empty, too long or holds control
    ///   characters
    public static void refuseBadCell(String cell) {
        refuseBad("cell", cell);
    }

    /// @throws IllegalArgumentException if the URL is too long
    public static void refuseLongUrl(String url) {
        if (url.length() > URL_LIMIT) {
            throw new IllegalArgumentException(
                    "url must be at most " + URL_LIMIT + " characters: length=" + url.length());
        }
    }

    /// @throws IllegalArgumentException if the address is too long for `ip:port`
    public static void refuseLongAddress(String address) {
        if (address.length() > NAME_LIMIT) {
            throw new IllegalArgumentException(
                    "address must be at most "
                            + NAME_LIMIT
                            + " characters: length="
                            + address.length());
        }
    }

    private static void refuseBad(String what, String name) {
        if (name.isEmpty() || name.length() > NAME_LIMIT || hasControl(name)) {
            throw new IllegalArgumentException(
                    what
                            + " must be 1 to "
                            + NAME_LIMIT
                            + " characters without control characters: found="
                            + name);
        }
    }

    /// Whether there are control characters in it.
    static boolean hasControl(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}

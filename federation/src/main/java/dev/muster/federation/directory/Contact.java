package dev.muster.federation.directory;

import dev.muster.federation.member.Names;

/// One agent through which a cell is reached.
///
/// @param httpUrl where it answers
/// @param memberAddress `address:port` of its member; empty where unknown
public record Contact(String httpUrl, String memberAddress) {
    private static final int ADDRESS_LIMIT = 256;

    public Contact {
        Names.refuseLongUrl(httpUrl);
        if (httpUrl.isEmpty() || memberAddress.length() > ADDRESS_LIMIT) {
            throw new IllegalArgumentException(
                    "contact must have a url, and an address of at most "
                            + ADDRESS_LIMIT
                            + " characters: url="
                            + httpUrl
                            + ", length="
                            + memberAddress.length());
        }
    }
}

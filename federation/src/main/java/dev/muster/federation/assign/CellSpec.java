package dev.muster.federation.assign;

import dev.muster.federation.member.Names;
import java.util.List;
import java.util.regex.Pattern;

/// One cell of the map.
///
/// @param name unique in the whole map: 1 to 64 letters, digits, dots, dashes and underscores, so
///   that it can name a directory
/// @param seeds `address:port` of members to look for first; may be empty where the directory tells
public record CellSpec(String name, List<String> seeds) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public CellSpec {
        Names.refuseBadCell(name);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "cell name must be 1 to 64 letters, digits, dots, dashes or underscores: found="
                            + name);
        }
        seeds = List.copyOf(seeds);
    }
}

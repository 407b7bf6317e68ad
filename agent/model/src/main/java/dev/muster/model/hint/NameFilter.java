package dev.muster.model.hint;

import dev.muster.model.labels.Xxh3;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// A set of metric names that may hold more than it was given, never less; drawn in
/// `docs/format/name-filter.md`. Equal sets have equal bytes. Stateless: the bytes are the filter.
///
/// Beside each name it holds the name's beginnings up to its first and its second underscore, so
/// that it can be asked for names that begin in some way.
public final class NameFilter {
    /*
     * A Bloom filter [1] with BITS_EACH bits and PROBES probes for each entry: one in 120 names that are not there is
     * taken for there. The probes of an entry are a + i * b of the two halves of its hash [2], spread over the bits by
     * multiplication instead of division.
     *
     * [1] B. Bloom, Space/time trade-offs in hash coding with allowable errors, 1970
     * [2] A. Kirsch, M. Mitzenmacher, Less hashing, same performance, 2006
     */

    /// Most bytes; of more names than fit it is less exact.
    public static final int SIZE_LIMIT = 16 << 10;

    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 2;
    private static final int BITS_EACH = 10;
    private static final int PROBES = 7;
    private static final int BEGINNINGS = 2;

    private NameFilter() {}

    /// The filter of these names.
    public static byte[] of(Collection<String> names) {
        Set<Long> entries = new HashSet<>();
        for (String name : names) {
            entries.add(entry(name));
            int end = -1;
            for (int i = 0; i < BEGINNINGS; i++) {
                end = name.indexOf('_', end + 1);
                if (end < 0) {
                    break;
                }
                entries.add(beginning(name.substring(0, end + 1)));
            }
        }
        int size = Math.min(SIZE_LIMIT - HEAD_BYTES, (entries.size() * BITS_EACH + 7) / 8);
        byte[] filter = new byte[HEAD_BYTES + size];
        filter[0] = VERSION;
        filter[1] = PROBES;
        entries.forEach(entry -> add(filter, entry));
        return filter;
    }

    /// What a name is looked for by.
    public static long entry(String name) {
        return hash(name);
    }

    /// What names are looked for by that begin like this.
    ///
    /// @param text ends with its first or second underscore
    static long beginning(String text) {
        return hash(text + '\0');
    }

    private static long hash(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return Xxh3.hash(utf8, utf8.length);
    }

    private static void add(byte[] filter, long entry) {
        long bits = 8L * (filter.length - HEAD_BYTES);
        for (int i = 0; i < PROBES; i++) {
            int bit = bit(entry, i, bits);
            filter[HEAD_BYTES + bit / 8] |= (byte) (1 << (bit % 8));
        }
    }

    private static int bit(long entry, int probe, long bits) {
        int at = (int) entry + probe * ((int) (entry >>> 32) | 1);
        return (int) (((at & 0xFFFF_FFFFL) * bits) >>> 32);
    }

    /// May the names of this filter have that entry? Always, where these bytes are no filter that
    /// is known here.
    public static boolean mayHold(byte[] filter, long entry) {
        if (filter.length < HEAD_BYTES || filter[0] != VERSION || filter[1] < 1) {
            return true;
        }
        long bits = 8L * (filter.length - HEAD_BYTES);
        if (bits == 0) {
            return false;
        }
        for (int i = 0; i < filter[1]; i++) {
            int bit = bit(entry, i, bits);
            if (((filter[HEAD_BYTES + bit / 8] >>> (bit % 8)) & 1) == 0) {
                return false;
            }
        }
        return true;
    }
}

package dev.muster.federation.directory;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What two agents say to each other of the directory. Drawn in `docs/format/directory-frames.md`.
public sealed interface DirectoryFrame {
    /// Most items of one frame.
    int ITEM_LIMIT = 4096;

    /// Asks for an exchange: what the sender has learned lately.
    ///
    /// @param digest of all that it has
    /// @param items the news
    record Push(long digest, List<Aged> items) implements DirectoryFrame {
        public Push {
            items = List.copyOf(items);
        }
    }

    /// Answers a push.
    ///
    /// @param digest of all that the receiver has now
    /// @param knew which items of the push it had before, by their place
    /// @param items what it has learned lately
    record Reply(long digest, Knew knew, List<Aged> items) implements DirectoryFrame {
        public Reply {
            items = List.copyOf(items);
        }
    }

    /// Asks for all that the sender does not have or has in another version.
    ///
    /// @param digests of what it has
    record Versions(List<Digest> digests) implements DirectoryFrame {
        public Versions {
            digests = List.copyOf(digests);
        }
    }

    /// Answers that.
    ///
    /// @param digest of all that the receiver has
    /// @param items what the asker lacks, or has in another version
    /// @param wanted keys, as hashes, of what the receiver lacks
    record Table(long digest, List<Aged> items, List<Integer> wanted) implements DirectoryFrame {
        public Table {
            items = List.copyOf(items);
            wanted = List.copyOf(wanted);
        }
    }

    /// One item, so short that a whole table can be compared.
    ///
    /// @param key a hash of the key
    /// @param version a hash of the version
    record Digest(int key, int version) {}

    /// A set of places in a list. Immutable.
    final class Knew {
        private final BitSet bits;

        /// @param bits are copied
        public Knew(BitSet bits) {
            this.bits = (BitSet) bits.clone();
        }

        /// Whether that place is in it.
        public boolean has(int place) {
            return bits.get(place);
        }

        byte[] bytes() {
            return bits.toByteArray();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Knew that && bits.equals(that.bits);
        }

        @Override
        public int hashCode() {
            return bits.hashCode();
        }
    }
}

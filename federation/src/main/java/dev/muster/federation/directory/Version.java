package dev.muster.federation.directory;

/// Which of two things said of the same key is the newer one. Several agents may speak for a cell,
/// one after the other or at one time: who speaks takes a version above all it knows, and where two
/// did so at once, the greater writer holds, everywhere alike. No wall clocks are compared.
///
/// @param term at least the incarnation of the writer, not below any term it has seen for this key
/// @param seq number within the term, from 1
/// @param writer a hash of the writer's host
public record Version(long term, long seq, int writer) implements Comparable<Version> {
    public Version {
        if (term < 0 || seq < 0) {
            throw new IllegalArgumentException(
                    "version must not be negative: term=" + term + ", seq=" + seq);
        }
    }

    /// The first version of a writer.
    public static Version first(long incarnation, String host) {
        return new Version(incarnation, 1, host.hashCode());
    }

    /// A version above this one.
    ///
    /// @param incarnation of the writer
    public Version next(long incarnation, String host) {
        return incarnation > term
                ? first(incarnation, host)
                : new Version(term, Math.addExact(seq, 1), host.hashCode());
    }

    @Override
    public int compareTo(Version other) {
        int terms = Long.compare(term, other.term);
        int seqs = terms == 0 ? Long.compare(seq, other.seq) : terms;
        return seqs == 0 ? Integer.compare(writer, other.writer) : seqs;
    }

    /// 32 bits that stand for it where two tables are compared.
    int digest() {
        long mixed = (term * 0x9e3779b97f4a7c15L + seq) * 0xbf58476d1ce4e5b9L + writer;
        return (int) (mixed ^ (mixed >>> 32));
    }
}

package dev.muster.head.wal;

/// The first byte of a record's body.
public final class RecordType {
    public static final int COMMIT = 1;
    public static final int RELEASE = 2;

    private RecordType() {}
}

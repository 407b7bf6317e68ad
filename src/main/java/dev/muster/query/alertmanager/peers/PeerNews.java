package dev.muster.query.alertmanager.peers;

import dev.muster.query.alertmanager.state.StateCodec;
import dev.muster.query.alertmanager.state.StateRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// What one node tells another that it has learned; drawn in `docs/format/alert-state.md`.
///
/// @param from name of the node that tells
/// @param incarnation of its run
/// @param whole whether with this the other has been told all that it knows
/// @param again whether the other is asked to tell all that it knows
/// @param settled whether it knows what the others know
/// @param records what it has learned
public record PeerNews(
        String from,
        long incarnation,
        boolean whole,
        boolean again,
        boolean settled,
        List<StateRecord> records) {
    private static final int VERSION = 1;
    private static final int WHOLE = 1;
    private static final int AGAIN = 2;
    private static final int SETTLED = 4;

    public PeerNews {
        records = List.copyOf(records);
    }

    /// Its bytes.
    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeByte(VERSION);
            out.writeUTF(from);
            out.writeLong(incarnation);
            out.writeByte((whole ? WHOLE : 0) | (again ? AGAIN : 0) | (settled ? SETTLED : 0));
            for (StateRecord record : records) {
                out.write(StateCodec.framed(record));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// @throws IOException if the bytes are no whole, undamaged news of a known version
    static PeerNews decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("news must be of a known version: " + version);
        }
        String from = in.readUTF();
        long incarnation = in.readLong();
        int flags = in.readUnsignedByte();
        List<StateRecord> records = new ArrayList<>();
        StateRecord record = StateCodec.read(in);
        while (record != null) {
            records.add(record);
            record = StateCodec.read(in);
        }
        return new PeerNews(
                from,
                incarnation,
                (flags & WHOLE) != 0,
                (flags & AGAIN) != 0,
                (flags & SETTLED) != 0,
                records);
    }
}

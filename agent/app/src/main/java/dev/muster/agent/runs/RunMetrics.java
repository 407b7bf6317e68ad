package dev.muster.agent.runs;

import dev.muster.agent.exposition.EncodedFamily;
import dev.muster.agent.exposition.ExpositionException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The metrics of a run that has ended, until they are told.
///
/// @param number counts them
/// @param key the job
/// @param startMs when the run began, Unix time
/// @param families of the run
record RunMetrics(long number, RunKey key, long startMs, List<EncodedFamily> families) {
    RunMetrics {
        families = List.copyOf(families);
    }

    int sizeBytes() {
        return families.stream().mapToInt(EncodedFamily::sizeBytes).sum();
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(number);
            out.writeUTF(key.job());
            out.writeUTF(key.instance());
            out.writeLong(startMs);
            out.writeInt(families.size());
            for (EncodedFamily family : families) {
                byte[] one = new byte[family.sizeBytes()];
                family.copyTo(one, 0);
                out.writeInt(one.length);
                out.write(one);
            }
        } catch (IOException e) {
            throw new IllegalStateException("metrics must be writable to memory", e);
        }
        return bytes.toByteArray();
    }

    /// @throws IOException if the bytes are none
    static RunMetrics decode(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            long number = in.readLong();
            RunKey key = new RunKey(in.readUTF(), in.readUTF());
            long startMs = in.readLong();
            List<EncodedFamily> families = new ArrayList<>();
            for (int count = in.readInt(); count > 0; count--) {
                families.add(EncodedFamily.of(in.readNBytes(in.readInt())));
            }
            return new RunMetrics(number, key, startMs, families);
        } catch (ExpositionException | IllegalArgumentException e) {
            throw new IOException("metrics of a run must be readable: " + e.getMessage(), e);
        }
    }
}

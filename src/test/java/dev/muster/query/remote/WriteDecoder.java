package dev.muster.query.remote;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import java.io.IOException;
import org.xerial.snappy.Snappy;

/// Reads requests of remote write 1.0 as a receiver does, for tests.
public final class WriteDecoder {
    private WriteDecoder() {}

    /// Puts numbers into a source.
    ///
    /// @return how many
    public static int decode(byte[] packed, MemorySource into) throws IOException {
        try {
            WireReader request = new WireReader(Snappy.uncompress(packed));
            int samples = 0;
            while (request.next()) {
                if (request.field() == 1) {
                    samples += series(request.message(), into);
                } else {
                    request.skip();
                }
            }
            return samples;
        } catch (WireFormatException e) {
            throw new IOException(e);
        }
    }

    private static int series(WireReader series, MemorySource into) throws WireFormatException {
        Labels.Builder labels = Labels.builder();
        int samples = 0;
        while (series.next()) {
            WireReader part = series.message();
            String name = "";
            String text = "";
            double value = 0;
            long timeMs = 0;
            boolean label = series.field() == 1;
            while (part.next()) {
                if (part.field() == 1 && label) {
                    name = part.text();
                } else if (part.field() == 1) {
                    value = part.real();
                } else if (label) {
                    text = part.text();
                } else {
                    timeMs = part.number();
                }
            }
            if (label) {
                labels.set(name, text);
            } else {
                into.add(labels.build(), timeMs, value);
                samples++;
            }
        }
        return samples;
    }
}

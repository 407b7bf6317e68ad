package dev.muster.agent.scrape.fetch;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// Inflates zstd bodies (RFC 8878). The library is native: this class is loaded with the first such
/// body.
final class ZstdBody {
    private static final int STEP_BYTES = 16 << 10;

    /// What a server may ask for at most (RFC 9659): 8 MB.
    private static final int WINDOW_LOG_LIMIT = 23;

    private ZstdBody() {}

    static void inflate(byte[] in, int length, BoundedBody out) throws FetchException {
        try (ZstdInputStreamNoFinalizer frames =
                new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(in, 0, length))) {
            frames.setLongMax(WINDOW_LOG_LIMIT);
            while (true) {
                out.reserve(STEP_BYTES);
                int count = frames.read(out.bytes(), out.length(), out.room());
                if (count < 0) {
                    return;
                }
                out.grow(count);
            }
        } catch (FetchException e) {
            throw e;
        } catch (IOException e) {
            throw new FetchException(
                    FetchFault.ENCODING, "zstd body must be whole: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new FetchException(
                    FetchFault.ENCODING, "zstd must be there for this machine: " + e, e);
        }
    }
}

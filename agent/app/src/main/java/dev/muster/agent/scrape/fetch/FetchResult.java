package dev.muster.agent.scrape.fetch;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionWriter;
import java.util.Optional;

/// What became of a fetch.
public sealed interface FetchResult {
    /// There is no body.
    ///
    /// @param fault kind of the reason
    /// @param reason why, in words, without secrets
    /// @param exchange how far it came over HTTP
    record Failed(FetchFault fault, String reason, Optional<HttpExchange> exchange)
            implements FetchResult {}

    /// A body, as received. Must be released by the one who gets it.
    final class Received implements FetchResult {
        private final ExpositionFormat format;
        private final BodyBuffer buffer;
        private final BodyPool pool;
        private final boolean gzip;

        Received(ExpositionFormat format, BodyBuffer buffer, BodyPool pool, boolean gzip) {
            this.format = format;
            this.buffer = buffer;
            this.pool = pool;
            this.gzip = gzip;
        }

        public ExpositionFormat format() {
            return format;
        }

        /// Valid until [#release()].
        public byte[] bytes() {
            return buffer.bytes;
        }

        public int length() {
            return buffer.length;
        }

        /// Must it be inflated first?
        public boolean gzip() {
            return gzip;
        }

        public void release() {
            pool.release(buffer);
        }
    }

    /// A body that was written in this process. Valid until the source's next fetch.
    ///
    /// @param format of the body
    /// @param writer holds it
    record Written(ExpositionFormat format, ExpositionWriter writer) implements FetchResult {}
}

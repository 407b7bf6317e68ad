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
            implements FetchResult {
        static Failed of(FetchException e) {
            return new Failed(e.fault(), e.reason(), Optional.empty());
        }
    }

    /// A body, as received. Must be released by the one who gets it.
    final class Received implements FetchResult {
        private final ExpositionFormat format;
        private final String warning;
        private final BodyBuffer buffer;
        private final BodyPool pool;
        private final BodyEncoding encoding;
        private final HttpExchange exchange;

        Received(
                ExpositionFormat format,
                String warning,
                BodyBuffer buffer,
                BodyPool pool,
                BodyEncoding encoding,
                HttpExchange exchange) {
            this.format = format;
            this.warning = warning;
            this.buffer = buffer;
            this.pool = pool;
            this.encoding = encoding;
            this.exchange = exchange;
        }

        /// The same body, inflated.
        Received inflated(BodyBuffer into) {
            return new Received(format, warning, into, pool, BodyEncoding.IDENTITY, exchange);
        }

        public ExpositionFormat format() {
            return format;
        }

        /// What is odd about the format, in words; empty if nothing is.
        public String warning() {
            return warning;
        }

        /// Valid until [#release()].
        public byte[] bytes() {
            return buffer.bytes;
        }

        public int length() {
            return buffer.length;
        }

        /// Unless it is [BodyEncoding#IDENTITY], it must be inflated first.
        public BodyEncoding encoding() {
            return encoding;
        }

        /// How the fetch went.
        public HttpExchange exchange() {
            return exchange;
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

    /// A body that this process keeps. Never changed.
    ///
    /// @param format of the body
    /// @param body all of the array
    record Kept(ExpositionFormat format, KeptBody body) implements FetchResult {}

    /// Nothing can be said of the target: nothing is appended, no failure either.
    ///
    /// @param reason why not
    record Untold(String reason) implements FetchResult {}

    /// How it went over HTTP; empty if that was not tried.
    default Optional<HttpExchange> http() {
        return switch (this) {
            case Failed(_, _, var exchange) -> exchange;
            case Received received -> Optional.of(received.exchange());
            case Written _, Kept _, Untold _ -> Optional.empty();
        };
    }
}

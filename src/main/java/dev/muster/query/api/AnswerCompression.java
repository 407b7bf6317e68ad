package dev.muster.query.api;

import io.netty.handler.codec.compression.StandardCompressionOptions;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/// Packs answers with Zstandard (RFC 8878) where a client takes it, beside gzip and deflate.
@Singleton
final class AnswerCompression implements HttpServerOptionsCustomizer {
    /*
     * At level 1 packing keeps pace with the writing of JSON. A block is what waits to be packed,
     * so it bounds both the memory per answer and how long the first byte is held back.
     */
    private static final int LEVEL = 1;
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int PACKED_BYTES_LIMIT = 32 << 20;

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        addTo(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        addTo(options);
    }

    private static void addTo(HttpServerOptions options) {
        options.addCompressor(
                StandardCompressionOptions.zstd(LEVEL, BLOCK_BYTES, PACKED_BYTES_LIMIT));
    }
}

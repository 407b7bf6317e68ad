package dev.muster.blocks.write;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/// ZSTD for Parquet's writers, without the codecs of Hadoop. Confined to one thread.
final class Zstd implements BytesInputCompressor, AutoCloseable {
    private final ZstdCompressCtx context;

    Zstd(int level) {
        context = new ZstdCompressCtx();
        context.setLevel(level);
    }

    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
        bytes.writeAllTo(plain);
        return BytesInput.from(context.compress(plain.toByteArray()));
    }

    int compressedBytes(byte[] bytes) {
        return context.compress(bytes).length;
    }

    @Override
    public CompressionCodecName getCodecName() {
        return CompressionCodecName.ZSTD;
    }

    /// Parquet's stores call this; the owner closes.
    @Override
    public void release() {}

    @Override
    public void close() {
        context.close();
    }
}

package dev.muster.query;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.schema.UpnessBlockId;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.write.UpnessFileWriter;
import dev.muster.query.upness.OutsideLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes files of the table `upness` to the bucket.
///
/// @param bucket where blocks are
record UpnessFiles(Bucket bucket) implements OutsideLog.Sink {
    @Override
    public void put(UpnessBlockId id, UpnessRun run) throws IOException {
        Path scratch = Files.createTempFile("muster-upness", ".parquet");
        try {
            // one that is there has been written by a try whose answer was lost
            var _ = bucket.putIfAbsent(id.key(), UpnessFileWriter.write(id, List.of(run), scratch));
        } finally {
            Files.deleteIfExists(scratch);
        }
    }
}

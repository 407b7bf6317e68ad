package dev.muster.blocks.schema;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/// The columns of a samples file: one row per sample, in the order of the series file, then by
/// time.
///
/// The numbers are Iceberg field ids; they and the names stay for good.
public final class SamplesColumns {
    public static final String METRIC = "metric";
    public static final String CELL = "cell";
    public static final String HOST = "host";
    public static final String SERVICE = "service";
    public static final String SERIES_ID = "series_id";

    /// Microseconds since 1970.
    public static final String TIME = "ts";

    /// NULL is the staleness marker.
    public static final String VALUE = "value";

    /// Since when the sample counts, microseconds since 1970; NULL where that is not known. Not in
    /// blocks of before.
    public static final String START_TIME = "start_ts";

    public static final MessageType SCHEMA =
            MessageTypeParser.parseMessageType(
                    """
                    message samples {
                      required binary metric (STRING) = 1;
                      required binary cell (STRING) = 2;
                      required binary host (STRING) = 3;
                      optional binary service (STRING) = 4;
                      required int64 series_id = 5;
                      required int64 ts (TIMESTAMP(MICROS,true)) = 6;
                      optional double value = 7;
                      optional int64 start_ts (TIMESTAMP(MICROS,true)) = 8;
                    }
                    """);

    private SamplesColumns() {}
}

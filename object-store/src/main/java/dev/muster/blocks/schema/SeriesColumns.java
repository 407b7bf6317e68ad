package dev.muster.blocks.schema;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/// The columns of a series file: one row per series, sorted by metric, service, host and labels.
///
/// The numbers are Iceberg field ids; they and the names stay for good.
public final class SeriesColumns {
    public static final String SERIES_ID = "series_id";
    public static final String METRIC = "metric";
    public static final String TYPE = "type";
    public static final String UNIT = "unit";
    public static final String CELL = "cell";
    public static final String HOST = "host";
    public static final String SERVICE = "service";
    public static final String JOB = "job";
    public static final String INSTANCE = "instance";

    /// All labels, `__name__` among them.
    public static final String LABELS = "labels";

    public static final String LABEL_NAME = "labels.key_value.key";
    public static final String LABEL_VALUE = "labels.key_value.value";

    /// Number of the first row in the samples file.
    public static final String ROW_START = "row_start";

    public static final String ROW_COUNT = "row_count";
    public static final String MIN_TIME = "min_ts";
    public static final String MAX_TIME = "max_ts";

    /// Samples that are no staleness markers; all of what follows is of these.
    public static final String COUNT = "n";

    public static final String STALE_COUNT = "n_stale";
    public static final String FIRST = "first";
    public static final String LAST = "last";
    public static final String MIN = "min";
    public static final String MAX = "max";
    public static final String SUM = "sum";

    /// How often the value fell, which for a counter is how often it was reset.
    public static final String RESETS = "resets";

    /// As declared; not in blocks of before, like all that follows.
    public static final String HELP = "help";

    /// Number of the first row in the file of histograms; NULL where the series has none.
    public static final String HIST_ROW_START = "hist_row_start";

    public static final String HIST_ROW_COUNT = "hist_row_count";

    /// Since when all of its samples count; NULL where that is not known, or has changed.
    public static final String START_TIME = "start_ts";

    /// How often the start time differs from that of the sample before; NULL where no sample has
    /// one.
    public static final String START_CHANGES = "start_changes";

    /// Host of the agent whose samples they are: a merged block has a row for each series and
    /// agent. Only in merged blocks; of others it is that of the block.
    public static final String AGENT = "agent";

    private static final String TEXT =
            """
            message series {
              required int64 series_id = 1;
              required binary metric (STRING) = 2;
              required binary type (STRING) = 3;
              optional binary unit (STRING) = 4;
              required binary cell (STRING) = 5;
              required binary host (STRING) = 6;
              optional binary service (STRING) = 7;
              optional binary job (STRING) = 8;
              optional binary instance (STRING) = 9;
              required group labels (MAP) = 10 {
                repeated group key_value {
                  required binary key (STRING) = 11;
                  required binary value (STRING) = 12;
                }
              }
              required int64 row_start = 13;
              required int32 row_count = 14;
              required int64 min_ts (TIMESTAMP(MICROS,true)) = 15;
              required int64 max_ts (TIMESTAMP(MICROS,true)) = 16;
              required int32 n = 17;
              required int32 n_stale = 18;
              optional double first = 19;
              optional double last = 20;
              optional double min = 21;
              optional double max = 22;
              optional double sum = 23;
              required int32 resets = 24;
              optional binary help (STRING) = 25;
              optional int64 hist_row_start = 26;
              optional int32 hist_row_count = 27;
              optional int64 start_ts (TIMESTAMP(MICROS,true)) = 28;
              optional int32 start_changes = 29;
            }
            """;

    public static final MessageType SCHEMA = MessageTypeParser.parseMessageType(TEXT);

    /// Of merged blocks.
    public static final MessageType MERGED_SCHEMA =
            MessageTypeParser.parseMessageType(
                    TEXT.stripTrailing().replaceFirst("\\}$", "")
                            + "  required binary agent (STRING) = 30;\n}");

    private SeriesColumns() {}
}

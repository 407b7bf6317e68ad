package dev.muster.blocks.schema;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/// The columns of a file of native histograms: one row per sample that is one, in the order of the
/// series file, then by time. Counts are absolute. The first columns are those of [SamplesColumns],
/// with the same numbers.
///
/// The numbers are Iceberg field ids; they and the names stay for good.
public final class HistColumns {
    public static final String COUNT = "count";
    public static final String SUM = "sum";

    /// -4 to 8, or -53 for buckets with bounds of their own.
    public static final String SCHEMA_NUMBER = "schema";

    public static final String ZERO_THRESHOLD = "zero_threshold";
    public static final String ZERO_COUNT = "zero_count";
    public static final String POSITIVE_INDEX = "pos.list.element.idx";
    public static final String POSITIVE_COUNT = "pos.list.element.n";
    public static final String NEGATIVE_INDEX = "neg.list.element.idx";
    public static final String NEGATIVE_COUNT = "neg.list.element.n";

    /// Upper bounds of the buckets `pos`, by index; empty where they are exponential.
    public static final String CUSTOM = "custom.list.element";

    /// `unknown`, `reset`, `not_reset` or `gauge`.
    public static final String RESET_HINT = "reset_hint";

    public static final MessageType SCHEMA =
            MessageTypeParser.parseMessageType(
                    """
                    message hist {
                      required binary metric (STRING) = 1;
                      required binary cell (STRING) = 2;
                      required binary host (STRING) = 3;
                      optional binary service (STRING) = 4;
                      required int64 series_id = 5;
                      required int64 ts (TIMESTAMP(MICROS,true)) = 6;
                      optional int64 start_ts (TIMESTAMP(MICROS,true)) = 8;
                      required double count = 9;
                      required double sum = 10;
                      required int32 schema = 11;
                      required double zero_threshold = 12;
                      required double zero_count = 13;
                      required group pos (LIST) = 14 {
                        repeated group list {
                          required group element = 15 {
                            required int32 idx = 16;
                            required double n = 17;
                          }
                        }
                      }
                      required group neg (LIST) = 18 {
                        repeated group list {
                          required group element = 19 {
                            required int32 idx = 20;
                            required double n = 21;
                          }
                        }
                      }
                      required group custom (LIST) = 22 {
                        repeated group list {
                          required double element = 23;
                        }
                      }
                      required binary reset_hint (STRING) = 24;
                    }
                    """);

    private HistColumns() {}
}

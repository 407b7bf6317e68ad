package dev.muster.blocks.schema;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/// The columns of the table `upness`: one row per change of a host or a service as one observer
/// holds it, and what is needed to tell what held between them.
///
/// The numbers are Iceberg field ids; they and the names stay for good.
public final class UpnessColumns {
    /// `change`; `held` for what held already when the observer's run, or the file, began; `watch`
    /// for a span in which the observer logged.
    public static final String KIND = "kind";

    /// When the state began; of a `watch` row, when the span began.
    public static final String TIME = "ts";

    public static final String DECIDED_AT = "decided_at";

    /// When the span ended; NULL for a state that holds until the target's next row.
    public static final String UNTIL = "until_ts";

    public static final String CELL = "cell";
    public static final String HOST = "host";
    public static final String ZONE = "zone";
    public static final String RACK = "rack";
    public static final String JOB = "job";
    public static final String INSTANCE = "instance";
    public static final String FROM = "from_state";
    public static final String TO = "to_state";
    public static final String CAUSE = "cause";
    public static final String REASON = "reason";
    public static final String PROVENANCE = "provenance";
    public static final String VERSION = "version";
    public static final String WITNESSES = "witnesses";
    public static final String WITNESS = "witnesses.list.element";
    public static final String OBSERVER = "observer";
    public static final String INCARNATION = "incarnation";

    /// Number of the span in the file that the row is of.
    public static final String RUN = "run";

    public static final MessageType SCHEMA =
            MessageTypeParser.parseMessageType(
                    """
                    message upness {
                      required binary kind (STRING) = 1;
                      required int64 ts (TIMESTAMP(MICROS,true)) = 2;
                      required int64 decided_at (TIMESTAMP(MICROS,true)) = 3;
                      optional int64 until_ts (TIMESTAMP(MICROS,true)) = 4;
                      required binary cell (STRING) = 5;
                      required binary host (STRING) = 6;
                      optional binary zone (STRING) = 7;
                      optional binary rack (STRING) = 8;
                      optional binary job (STRING) = 9;
                      optional binary instance (STRING) = 10;
                      optional binary from_state (STRING) = 11;
                      optional binary to_state (STRING) = 12;
                      optional binary cause (STRING) = 13;
                      optional binary reason (STRING) = 14;
                      optional binary provenance (STRING) = 15;
                      required int64 version = 16;
                      required group witnesses (LIST) = 17 {
                        repeated group list {
                          required binary element (STRING) = 18;
                        }
                      }
                      required binary observer (STRING) = 19;
                      required int64 incarnation = 20;
                      required int32 run = 21;
                    }
                    """);

    private UpnessColumns() {}
}

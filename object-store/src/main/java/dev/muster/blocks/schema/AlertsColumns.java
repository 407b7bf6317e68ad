package dev.muster.blocks.schema;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/// The columns of the table `alerts`: one row for each change of an alert, each notification and
/// each change of a silence.
///
/// The numbers are Iceberg field ids; they and the names stay for good.
public final class AlertsColumns {
    /// `alert`, `notification` or `silence`.
    public static final String KIND = "kind";

    public static final String TIME = "ts";

    /// What happened: a state, an outcome or a change.
    public static final String EVENT = "event";

    /// The same for the same happening.
    public static final String ID = "id";

    /// The query node that did it.
    public static final String NODE = "node";

    public static final String ALERT_NAME = "alertname";
    public static final String SEVERITY = "severity";
    public static final String FINGERPRINT = "fingerprint";

    /// Of an alert; of a notification those of its group.
    public static final String LABELS = "labels";

    public static final String LABEL_NAME = "labels.key_value.key";
    public static final String LABEL_VALUE = "labels.key_value.value";
    public static final String ANNOTATIONS = "annotations";
    public static final String ANNOTATION_NAME = "annotations.key_value.key";
    public static final String ANNOTATION_VALUE = "annotations.key_value.value";
    public static final String STARTS_AT = "starts_at";
    public static final String ENDS_AT = "ends_at";
    public static final String VALUE = "value";

    /// Share of the hosts that an alert was decided on.
    public static final String SHARE = "hosts_share";

    public static final String REASON = "reason";
    public static final String SOURCE = "source";
    public static final String RECEIVER = "receiver";
    public static final String INTEGRATION = "integration";
    public static final String INTEGRATION_INDEX = "integration_index";
    public static final String GROUP_KEY = "group_key";
    public static final String FIRING = "firing.list.element";
    public static final String RESOLVED = "resolved.list.element";
    public static final String ATTEMPTS = "attempts";
    public static final String MAYBE_DUPLICATE = "maybe_duplicate";
    public static final String LATENCY = "latency_ms";
    public static final String SILENCE = "silence_id";
    public static final String ACKNOWLEDGEMENT = "acknowledgement";
    public static final String MATCHER = "matchers.list.element";
    public static final String CREATED_BY = "created_by";
    public static final String COMMENT = "comment";

    public static final MessageType SCHEMA =
            MessageTypeParser.parseMessageType(
                    """
                    message alerts {
                      required binary kind (STRING) = 1;
                      required int64 ts (TIMESTAMP(MICROS,true)) = 2;
                      required binary event (STRING) = 3;
                      required int64 id = 4;
                      optional binary node (STRING) = 5;
                      optional binary alertname (STRING) = 6;
                      optional binary severity (STRING) = 7;
                      optional binary fingerprint (STRING) = 8;
                      required group labels (MAP) = 9 {
                        repeated group key_value {
                          required binary key (STRING) = 10;
                          required binary value (STRING) = 11;
                        }
                      }
                      required group annotations (MAP) = 12 {
                        repeated group key_value {
                          required binary key (STRING) = 13;
                          required binary value (STRING) = 14;
                        }
                      }
                      optional int64 starts_at (TIMESTAMP(MICROS,true)) = 15;
                      optional int64 ends_at (TIMESTAMP(MICROS,true)) = 16;
                      optional double value = 17;
                      optional double hosts_share = 18;
                      optional binary reason (STRING) = 19;
                      optional binary source (STRING) = 20;
                      optional binary receiver (STRING) = 21;
                      optional binary integration (STRING) = 22;
                      optional int32 integration_index = 23;
                      optional binary group_key (STRING) = 24;
                      required group firing (LIST) = 25 {
                        repeated group list {
                          required binary element (STRING) = 26;
                        }
                      }
                      required group resolved (LIST) = 27 {
                        repeated group list {
                          required binary element (STRING) = 28;
                        }
                      }
                      optional int32 attempts = 29;
                      optional boolean maybe_duplicate = 30;
                      optional int64 latency_ms = 31;
                      optional binary silence_id (STRING) = 32;
                      optional boolean acknowledgement = 33;
                      required group matchers (LIST) = 34 {
                        repeated group list {
                          required binary element (STRING) = 35;
                        }
                      }
                      optional binary created_by (STRING) = 36;
                      optional binary comment (STRING) = 37;
                    }
                    """);

    private AlertsColumns() {}
}

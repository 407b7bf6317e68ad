package dev.muster.model.sample;

/// What an exposition says of a metric family beside its samples.
///
/// @param type the declared type
/// @param unit the declared unit, such as `seconds`; empty where none was declared
/// @param help the declared help text, unescaped; empty where none was declared
public record MetricMetadata(MetricType type, String unit, String help) {
    /// Nothing is known.
    public static final MetricMetadata NONE = new MetricMetadata(MetricType.UNKNOWN, "", "");
}

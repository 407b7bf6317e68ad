package dev.muster.agent.intake;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// A channel between two stages as it is now.
///
/// @param channel its name
/// @param limit most messages that wait in it
/// @param overflow what happens beyond, in a word
/// @param depth messages that wait
/// @param sent messages that it took
/// @param dropped messages that it did not take
/// @param failures times that the stage behind it failed
public record ChannelState(
        String channel,
        int limit,
        String overflow,
        int depth,
        long sent,
        long dropped,
        long failures) {
    /// Writes the metrics of all channels.
    public static void write(List<ChannelState> all, ExpositionWriter out) {
        if (all.isEmpty()) {
            return;
        }
        gauge(out, all, "depth", "Messages that wait in a channel.", ChannelState::depth);
        gauge(out, all, "limit", "Most messages that may wait in it.", ChannelState::limit);
        counter(out, all, "messages_total", "Messages that a channel took.", ChannelState::sent);
        counter(
                out,
                all,
                "failures_total",
                "Failures of the stage behind a channel, which goes on.",
                ChannelState::failures);
        String dropped = "muster_channel_dropped_total";
        out.family(
                dropped,
                MetricType.COUNTER,
                "Messages that a channel did not take, by what it does when it is full.");
        all.forEach(one ->
                out.sample(dropped, "channel", one.channel, "overflow", one.overflow, one.dropped));
    }

    private static void gauge(
            ExpositionWriter out,
            List<ChannelState> all,
            String name,
            String help,
            ToDoubleFunction<ChannelState> value) {
        write(out, all, MetricType.GAUGE, name, help, value);
    }

    private static void counter(
            ExpositionWriter out,
            List<ChannelState> all,
            String name,
            String help,
            ToDoubleFunction<ChannelState> value) {
        write(out, all, MetricType.COUNTER, name, help, value);
    }

    private static void write(
            ExpositionWriter out,
            List<ChannelState> all,
            MetricType type,
            String name,
            String help,
            ToDoubleFunction<ChannelState> value) {
        String whole = "muster_channel_" + name;
        out.family(whole, type, help);
        all.forEach(one -> out.sample(whole, "channel", one.channel, value.applyAsDouble(one)));
    }
}

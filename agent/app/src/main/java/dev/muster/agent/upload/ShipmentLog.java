package dev.muster.agent.upload;

import dev.muster.agent.upload.Shipment.State;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.model.time.TimeRange;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/// Remembers the way of the last blocks for those who ask. Written by the thread that ships, read
/// by any.
final class ShipmentLog {
    private static final int LIMIT = 50;

    private final Function<TimeRange, BlockId> ids;
    private final TreeMap<TimeRange, Shipment> shipments =
            new TreeMap<>(Comparator.comparingLong(TimeRange::startMs));
    private volatile List<Shipment> published = List.of();

    ShipmentLog(Function<TimeRange, BlockId> ids) {
        this.ids = ids;
    }

    /// The last shipments, oldest first.
    List<Shipment> all() {
        return published;
    }

    void shipped(LocalBlock block, long nowMs) {
        TimeRange window = block.id().range();
        boolean empty = block.sampleCount() == 0;
        shipments.put(
                window,
                new Shipment(
                        window,
                        block.id().seriesKey(),
                        empty ? State.EMPTY : State.SHIPPED,
                        nowMs,
                        block.sampleCount(),
                        block.sizeBytes()));
    }

    void released(TimeRange window) {
        shipments.computeIfPresent(window, (_, shipment) -> shipment.released());
    }

    /// Takes in what the head holds now, and shows it to others.
    void publish(
            Collection<TimeRange> closedWindows, Function<TimeRange, OptionalLong> confirmedMs) {
        for (TimeRange window : closedWindows) {
            OptionalLong ms = confirmedMs.apply(window);
            shipments.computeIfAbsent(
                    window,
                    _ ->
                            new Shipment(
                                    window,
                                    ids.apply(window).seriesKey(),
                                    ms.isPresent() ? State.SHIPPED : State.PENDING,
                                    ms.orElse(0),
                                    -1,
                                    -1));
        }
        while (shipments.size() > LIMIT) {
            shipments.pollFirstEntry();
        }
        published = List.copyOf(shipments.values());
    }
}

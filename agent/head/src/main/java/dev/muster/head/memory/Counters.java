package dev.muster.head.memory;

import dev.muster.model.series.AppendResult;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// What happened to the store since it was opened. Thread-safe.
final class Counters {
    final LongAdder samples = new LongAdder();
    final LongAdder commits = new LongAdder();
    final LongAdder commitFailures = new LongAdder();
    final LongAdder overLimit = new LongAdder();
    final LongAdder collected = new LongAdder();
    final LongAdder retired = new LongAdder();
    final LongAdder chunksDamaged = new LongAdder();
    final LongAdder checkpoints = new LongAdder();
    final LongAdder checkpointFailures = new LongAdder();
    final LongAdder dropped = new LongAdder();
    private final AtomicLongArray refused = new AtomicLongArray(AppendResult.values().length);

    /// Counts a refusal and hands it on.
    AppendResult refuse(AppendResult reason) {
        refused.incrementAndGet(reason.ordinal());
        return reason;
    }

    Map<AppendResult, Long> refused() {
        Map<AppendResult, Long> result = new EnumMap<>(AppendResult.class);
        for (AppendResult reason : AppendResult.values()) {
            if (reason != AppendResult.APPENDED) {
                result.put(reason, refused.get(reason.ordinal()));
            }
        }
        return result;
    }
}

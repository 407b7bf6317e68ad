package dev.muster.blocks.write;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Series such as a host has: of 20 series 12 are constant, 4 count whole things, 2 count
/// hundredths of seconds, 1 is a gauge of bytes, and 1 is noise with all its digits. Always the
/// same.
public final class HostLikeSource implements SeriesSource {
    private final List<Labels> labels = new ArrayList<>();
    private final long startMs;
    private final long stepMs;
    private final int samples;

    public HostLikeSource(int series, int samples, long startMs, long stepMs) {
        this(series, 16, samples, startMs, stepMs);
    }

    /// @param perMetric series of each metric
    public HostLikeSource(int series, int perMetric, int samples, long startMs, long stepMs) {
        this.samples = samples;
        this.startMs = startMs;
        this.stepMs = stepMs;
        for (int s = 0; s < series; s++) {
            labels.add(
                    Labels.of(
                            "__name__",
                            "node_%03d_total".formatted(s / perMetric),
                            "job",
                            "node",
                            "instance",
                            "host-1:9100",
                            "device",
                            "d%02d".formatted(s % perMetric)));
        }
    }

    @Override
    public SeriesSet select(SelectRequest request) {
        return new SeriesSet() {
            @Override
            public int size() {
                return labels.size();
            }

            @Override
            public Labels labels(int index) {
                return labels.get(index);
            }

            @Override
            public SampleReader reader() {
                return HostLikeSource.this::fill;
            }

            @Override
            public void close() {}
        };
    }

    private void fill(int index, SampleColumns into) {
        Random random = new Random(index);
        int kind = Math.floorMod(index * 7, 20);
        double value = random.nextInt(1_000_000);
        double rate = Math.pow(10, random.nextInt(4));
        into.reserve(samples);
        for (int i = 0; i < samples; i++) {
            if (kind >= 12 && kind < 16) {
                value += random.nextInt(3) == 0 ? (long) (rate * random.nextDouble()) : 0;
            } else if (kind == 16 || kind == 17) {
                value = Math.round((value + random.nextInt(100) / 100.0) * 100) / 100.0;
            } else if (kind == 18) {
                value += 4096L * (random.nextInt(101) - 50);
            } else if (kind == 19) {
                value = random.nextDouble() / 100;
            }
            into.append(startMs + i * stepMs, value);
        }
    }
}

package dev.muster.agent.intake.remote;

import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.WireReader;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.IntakeFault;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.PushBatch;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a `prometheus.WriteRequest`. Confined to one thread.
///
/// Source: https://prometheus.io/docs/specs/prw/remote_write_spec/
final class FirstRequest extends SeriesReader {
    private static final int HELP_LIMIT = 16 << 10;

    private final MetadataMemory metadata;
    private final WireReader request = new WireReader();
    private final WireReader series = new WireReader();
    private final WireReader pair = new WireReader();
    private final WireReader exemplar = new WireReader();
    private String[] pairs = new String[32];
    private int size;
    private boolean tooMany;

    FirstRequest(Intake intake, PushBatch batch, IntakeReceipt receipt, MetadataMemory metadata) {
        super(intake, batch, receipt);
        this.metadata = metadata;
    }

    void read(byte[] bytes, int length) throws ExpositionException, PushRefusedException {
        request.reset(bytes, 0, length);
        try {
            while (request.next()) {
                switch (request.field()) {
                    case 1 -> {
                        request.content();
                        series(bytes, request.start(), request.stop());
                        if (batch.full()) {
                            flush();
                        }
                    }
                    case 3 -> {
                        request.content();
                        metadata(bytes, request.start(), request.stop());
                    }
                    default -> request.skip();
                }
            }
        } finally {
            flush();
        }
    }

    private void series(byte[] bytes, int from, int to)
            throws ExpositionException, PushRefusedException {
        size = 0;
        tooMany = false;
        series.reset(bytes, from, to);
        while (series.next()) {
            if (series.field() == 1) {
                series.content();
                pair(bytes, series.start(), series.stop());
            } else {
                series.skip();
            }
        }
        if (tooMany) {
            receipt.refuse(IntakeFault.LABELS, "labels must be at most " + LIMITS.labelCount());
            return;
        }
        @Nullable Labels labels = labels(pairs, size);
        if (labels == null) {
            return;
        }
        int number = batch.series(labels, metadata.of(labels.metric()));
        series.reset(bytes, from, to);
        while (series.next()) {
            if (series.field() == 2 || series.field() == 3 || series.field() == 4) {
                series.content();
                point(number, series.field(), bytes, series.start(), series.stop());
                if (batch.full()) {
                    number = handOn(number);
                }
            } else {
                series.skip();
            }
        }
    }

    private void point(int number, int field, byte[] bytes, int from, int to)
            throws ExpositionException {
        switch (field) {
            case 2 -> sample(number, bytes, from, to, 0);
            case 3 -> exemplar(number, bytes, from, to);
            default -> histogram(number, bytes, from, to, 0);
        }
    }

    private void pair(byte[] bytes, int from, int to) throws ExpositionException {
        if (size >= 2 * LIMITS.labelCount()) {
            tooMany = true;
            return;
        }
        if (size == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * size);
        }
        pairs[size] = "";
        pairs[size + 1] = "";
        pair.reset(bytes, from, to);
        while (pair.next()) {
            switch (pair.field()) {
                case 1 -> pairs[size] = pair.text("label name", LIMITS.nameLength());
                case 2 -> pairs[size + 1] = pair.text("label value", LIMITS.valueLength());
                default -> pair.skip();
            }
        }
        size += 2;
    }

    private void exemplar(int number, byte[] bytes, int from, int to) throws ExpositionException {
        size = 0;
        double value = 0;
        long timestampMs = 0;
        exemplar.reset(bytes, from, to);
        while (exemplar.next()) {
            switch (exemplar.field()) {
                case 1 -> {
                    exemplar.content();
                    pair(bytes, exemplar.start(), exemplar.stop());
                }
                case 2 -> value = exemplar.real();
                case 3 -> timestampMs = exemplar.number();
                default -> exemplar.skip();
            }
        }
        @Nullable Labels labels = labels(pairs, size);
        if (labels != null && labels.size() <= EXEMPLAR_LABELS) {
            batch.exemplar(number, new Exemplar(labels, value, timestampMs));
        }
    }

    private void metadata(byte[] bytes, int from, int to) throws ExpositionException {
        MetricType type = MetricType.UNKNOWN;
        String family = "";
        String help = "";
        String unit = "";
        series.reset(bytes, from, to);
        while (series.next()) {
            switch (series.field()) {
                case 1 -> type = type(series.number());
                case 2 -> family = series.text("metric family name", LIMITS.nameLength());
                case 4 -> help = series.text("help", HELP_LIMIT);
                case 5 -> unit = series.text("unit", LIMITS.nameLength());
                default -> series.skip();
            }
        }
        if (!family.isEmpty()) {
            metadata.put(family, new MetricMetadata(type, unit, help));
        }
    }
}

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads an `io.prometheus.write.v2.Request`. Confined to one thread.
///
/// Source: https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/
final class SecondRequest extends SeriesReader {
    /// Most symbols of a request: each takes memory beyond its bytes.
    private static final int SYMBOLS_LIMIT = 500_000;

    private final List<String> symbols = new ArrayList<>();
    private final WireReader request = new WireReader();
    private final WireReader series = new WireReader();
    private final WireReader inner = new WireReader();
    private final WireReader packed = new WireReader();
    private String[] pairs = new String[32];
    private int size;

    SecondRequest(Intake intake, PushBatch batch, IntakeReceipt receipt) {
        super(intake, batch, receipt);
    }

    void read(byte[] bytes, int length) throws ExpositionException, PushRefusedException {
        symbols(bytes, length);
        request.reset(bytes, 0, length);
        try {
            while (request.next()) {
                if (request.field() == 5) {
                    request.content();
                    series(bytes, request.start(), request.stop());
                    if (batch.full()) {
                        flush();
                    }
                } else {
                    request.skip();
                }
            }
        } finally {
            flush();
        }
    }

    /// The table may stand after the series, so it is read first.
    private void symbols(byte[] bytes, int length)
            throws ExpositionException, PushRefusedException {
        boolean series = false;
        request.reset(bytes, 0, length);
        while (request.next()) {
            if (request.field() != 4) {
                series |= request.field() == 5;
                request.skip();
                continue;
            }
            if (symbols.size() >= SYMBOLS_LIMIT) {
                throw PushRefusedException.bad(
                        "symbols", "symbols must be at most " + SYMBOLS_LIMIT);
            }
            symbols.add(request.text("symbol", LIMITS.valueLength()));
        }
        if (series && (symbols.isEmpty() || !symbols.getFirst().isEmpty())) {
            throw PushRefusedException.bad("symbols", "first symbol must be the empty text");
        }
    }

    private void series(byte[] bytes, int from, int to)
            throws ExpositionException, PushRefusedException {
        size = 0;
        long startMs = 0;
        MetricMetadata metadata = MetricMetadata.NONE;
        boolean known = true;
        series.reset(bytes, from, to);
        while (series.next()) {
            switch (series.field()) {
                case 1 -> known &= references(series, bytes);
                case 5 -> {
                    series.content();
                    @Nullable MetricMetadata found = metadata(bytes, series.start(), series.stop());
                    known &= found != null;
                    metadata = found == null ? MetricMetadata.NONE : found;
                }
                case 6 -> startMs = series.number();
                default -> series.skip();
            }
        }
        if (!known || size % 2 != 0) {
            receipt.refuse(
                    IntakeFault.LABELS,
                    "references must be pairs and name symbols: symbols=" + symbols.size());
            return;
        }
        @Nullable Labels labels = labels(pairs, size);
        if (labels != null) {
            points(batch.series(labels, metadata), bytes, from, to, startMs);
        }
    }

    private void points(int first, byte[] bytes, int from, int to, long startMs)
            throws ExpositionException, PushRefusedException {
        int number = first;
        series.reset(bytes, from, to);
        while (series.next()) {
            int field = series.field();
            if (field < 2 || field > 4) {
                series.skip();
                continue;
            }
            series.content();
            switch (field) {
                case 2 -> sample(number, bytes, series.start(), series.stop(), startMs);
                case 3 -> histogram(number, bytes, series.start(), series.stop(), startMs);
                default -> exemplar(number, bytes, series.start(), series.stop());
            }
            if (batch.full()) {
                number = handOn(number);
            }
        }
    }

    /// Adds the texts that references name, packed or not.
    ///
    /// @return false if one names no symbol, or there are too many
    private boolean references(WireReader in, byte[] bytes) throws ExpositionException {
        if (!in.isBytes()) {
            return reference(in.number());
        }
        in.content();
        packed.reset(bytes, in.start(), in.stop());
        boolean known = true;
        while (packed.more()) {
            known &= reference(packed.varint());
        }
        return known;
    }

    private boolean reference(long symbol) {
        if (symbol < 0 || symbol >= symbols.size() || size >= 2 * LIMITS.labelCount()) {
            return false;
        }
        if (size == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * size);
        }
        pairs[size++] = symbols.get((int) symbol);
        return true;
    }

    private @Nullable MetricMetadata metadata(byte[] bytes, int from, int to)
            throws ExpositionException {
        MetricType type = MetricType.UNKNOWN;
        long help = 0;
        long unit = 0;
        inner.reset(bytes, from, to);
        while (inner.next()) {
            switch (inner.field()) {
                case 1 -> type = type(inner.number());
                case 3 -> help = inner.number();
                case 4 -> unit = inner.number();
                default -> inner.skip();
            }
        }
        if (help < 0 || help >= symbols.size() || unit < 0 || unit >= symbols.size()) {
            return null;
        }
        return new MetricMetadata(type, symbols.get((int) unit), symbols.get((int) help));
    }

    private void exemplar(int number, byte[] bytes, int from, int to) throws ExpositionException {
        size = 0;
        double value = 0;
        long timestampMs = 0;
        boolean known = true;
        inner.reset(bytes, from, to);
        while (inner.next()) {
            switch (inner.field()) {
                case 1 -> known &= references(inner, bytes);
                case 2 -> value = inner.real();
                case 3 -> timestampMs = inner.number();
                default -> inner.skip();
            }
        }
        if (!known || size % 2 != 0) {
            receipt.refuse(IntakeFault.LABELS, "exemplar: references must be pairs of symbols");
            return;
        }
        @Nullable Labels labels = labels(pairs, size);
        if (labels != null && labels.size() <= EXEMPLAR_LABELS) {
            batch.exemplar(number, new Exemplar(labels, value, timestampMs));
        }
    }
}

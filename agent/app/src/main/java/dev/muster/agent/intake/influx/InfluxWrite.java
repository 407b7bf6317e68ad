package dev.muster.agent.intake.influx;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRequest;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.IntakeFault;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.PushBatch;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.time.InstantSource;
import java.util.List;

/// Receives line protocol: each field that is a number becomes a sample of the series
/// `measurement_field` with the tags as labels, and `db` of the query where it is given, as
/// VictoriaMetrics has it. Thread-safe.
public final class InfluxWrite implements PushHandler {
    private static final int LINE_LIMIT = 1 << 20;
    private static final long UNITS_PER_MS = 1_000;

    private final Intake intake;
    private final InstantSource clock;

    public InfluxWrite(Intake intake, InstantSource clock) {
        this.intake = intake;
        this.clock = clock;
    }

    @Override
    public PushAnswer handle(PushRequest request) throws PushRefusedException {
        Precision precision = Precision.of(request.parameter("precision"));
        String text = request.text();
        Lines lines = new Lines(precision, request.parameter("db"));
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            lines.take(text, start, end);
            start = end + 1;
        }
        lines.flush();
        return answer(lines.receipt);
    }

    private static PushAnswer answer(IntakeReceipt receipt) {
        PushAnswer answer =
                receipt.refused() == 0
                        ? PushAnswer.of(204)
                        : PushAnswer.json(
                                400,
                                "{\"code\":\"invalid\",\"message\":\"partial write: "
                                        + receipt.reasons()
                                                .replace("\\", "\\\\")
                                                .replace("\"", "\\\"")
                                                .replaceAll("\\p{Cntrl}", "?")
                                        + "\"}");
        return receipt.folded() == 0
                ? answer
                : answer.with("Muster-Folded", String.valueOf(receipt.folded()));
    }

    /// What a timestamp counts.
    private enum Precision {
        NANOSECONDS,
        MICROSECONDS,
        MILLISECONDS,
        SECONDS,
        MINUTES,
        HOURS;

        static Precision of(String text) throws PushRefusedException {
            return switch (text) {
                case "", "n", "ns" -> NANOSECONDS;
                case "u", "us", "µ" -> MICROSECONDS;
                case "ms" -> MILLISECONDS;
                case "s" -> SECONDS;
                case "m" -> MINUTES;
                case "h" -> HOURS;
                default ->
                        throw PushRefusedException.bad(
                                "precision", "precision must be ns, us, ms, s, m or h");
            };
        }

        long millis(long time) {
            return switch (this) {
                case NANOSECONDS -> Math.floorDiv(time, UNITS_PER_MS * UNITS_PER_MS);
                case MICROSECONDS -> Math.floorDiv(time, UNITS_PER_MS);
                case MILLISECONDS -> time;
                case SECONDS -> Math.multiplyExact(time, 1_000);
                case MINUTES -> Math.multiplyExact(time, 60_000);
                case HOURS -> Math.multiplyExact(time, 3_600_000);
            };
        }
    }

    /// The lines of one request.
    private final class Lines {
        private final Precision precision;
        private final String database;
        private final long nowMs = clock.millis();
        private final LineReader reader = new LineReader();
        private final PushBatch batch = PushBatch.byTarget();
        private final IntakeReceipt receipt = new IntakeReceipt();

        Lines(Precision precision, String database) {
            this.precision = precision;
            this.database = database;
        }

        void take(String text, int start, int end) throws PushRefusedException {
            if (end - start > LINE_LIMIT) {
                receipt.refuse(IntakeFault.VALUE, "line must have at most " + LINE_LIMIT);
                return;
            }
            String line = text.substring(start, end).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                return;
            }
            try {
                reader.read(line);
                add(timestampMs(reader.timestamp()));
            } catch (LineException e) {
                receipt.refuse(IntakeFault.VALUE, e.getMessage() + ": line=" + cut(line));
            }
            if (batch.full()) {
                flush();
            }
        }

        private static String cut(String line) {
            return line.length() <= 120 ? line : line.substring(0, 120) + "…";
        }

        private long timestampMs(String text) throws LineException {
            if (text.isEmpty()) {
                return nowMs;
            }
            try {
                return precision.millis(Long.parseLong(text));
            } catch (NumberFormatException | ArithmeticException e) {
                throw new LineException("timestamp must be a whole number");
            }
        }

        private void add(long timestampMs) throws LineException {
            Labels.Builder labels = Labels.builder();
            if (!database.isEmpty()) {
                labels.set("db", database);
            }
            List<String> tags = reader.tags();
            for (int i = 0; i < tags.size(); i += 2) {
                checkLength(tags.get(i), ExpositionLimits.DEFAULT.nameLength());
                checkLength(tags.get(i + 1), ExpositionLimits.DEFAULT.valueLength());
                labels.set(tags.get(i), tags.get(i + 1));
            }
            for (int i = 0; i < reader.fields().size(); i++) {
                String metric = reader.measurement() + "_" + reader.fields().get(i);
                checkLength(metric, ExpositionLimits.DEFAULT.nameLength());
                Labels series = labels.set(Labels.METRIC, metric).build();
                batch.sample(
                        batch.series(series, MetricMetadata.NONE), timestampMs, reader.value(i), 0);
            }
        }

        private static void checkLength(String text, int limit) throws LineException {
            if (text.length() > limit) {
                throw new LineException("names and values must have at most bytes=" + limit);
            }
        }

        void flush() throws PushRefusedException {
            try {
                if (!batch.isEmpty()) {
                    intake.accept(batch, receipt);
                }
            } finally {
                // what could not be stored is not tried again here
                batch.clear();
            }
        }
    }
}

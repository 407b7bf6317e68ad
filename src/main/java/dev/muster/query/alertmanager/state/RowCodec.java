package dev.muster.query.alertmanager.state;

import dev.muster.blocks.alerts.AlertRow;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Bytes of rows of history; drawn in `docs/format/alert-state.md`.
final class RowCodec {
    private static final int TRANSITION = 1;
    private static final int NOTIFIED = 2;
    private static final int SILENCED = 3;

    private RowCodec() {}

    static void write(DataOutputStream out, AlertRow row) throws IOException {
        switch (row) {
            case AlertRow.Transition each -> {
                begin(out, TRANSITION, row, each.state());
                out.writeLong(each.fingerprint());
                StateCodec.write(out, each.labels());
                StateCodec.write(out, each.annotations());
                out.writeLong(each.startsMs());
                out.writeDouble(each.value());
                out.writeDouble(each.share());
                StateCodec.write(out, each.reason());
                StateCodec.write(out, each.source());
            }
            case AlertRow.Notified each -> {
                begin(out, NOTIFIED, row, each.outcome());
                StateCodec.write(out, each.node());
                StateCodec.write(out, each.groupKey());
                StateCodec.write(out, each.groupLabels());
                StateCodec.write(out, each.receiver());
                StateCodec.write(out, each.integration());
                out.writeInt(each.index());
                numbers(out, each.firing());
                numbers(out, each.resolved());
                out.writeInt(each.attempts());
                out.writeBoolean(each.maybeDuplicate());
                out.writeLong(each.latencyMs());
                StateCodec.write(out, each.reason());
            }
            case AlertRow.Silenced each -> {
                begin(out, SILENCED, row, each.change());
                StateCodec.write(out, each.node());
                StateCodec.write(out, each.silence());
                out.writeBoolean(each.acknowledgement());
                out.writeInt(each.matchers().size());
                for (String matcher : each.matchers()) {
                    StateCodec.write(out, matcher);
                }
                out.writeLong(each.startsMs());
                out.writeLong(each.endsMs());
                StateCodec.write(out, each.createdBy());
                StateCodec.write(out, each.comment());
            }
        }
    }

    private static void begin(DataOutputStream out, int kind, AlertRow row, Enum<?> event)
            throws IOException {
        out.writeByte(kind);
        out.writeByte(event.ordinal());
        out.writeLong(row.atMs());
    }

    private static void numbers(DataOutputStream out, List<Long> numbers) throws IOException {
        out.writeInt(numbers.size());
        for (long number : numbers) {
            out.writeLong(number);
        }
    }

    static AlertRow read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        int event = in.readUnsignedByte();
        long atMs = in.readLong();
        return switch (kind) {
            case TRANSITION ->
                    new AlertRow.Transition(
                            atMs,
                            at(AlertRow.State.values(), event),
                            in.readLong(),
                            StateCodec.texts(in),
                            StateCodec.texts(in),
                            in.readLong(),
                            in.readDouble(),
                            in.readDouble(),
                            StateCodec.text(in),
                            StateCodec.text(in));
            case NOTIFIED ->
                    new AlertRow.Notified(
                            atMs,
                            StateCodec.text(in),
                            at(AlertRow.Outcome.values(), event),
                            StateCodec.text(in),
                            StateCodec.texts(in),
                            StateCodec.text(in),
                            StateCodec.text(in),
                            in.readInt(),
                            numbers(in),
                            numbers(in),
                            in.readInt(),
                            in.readBoolean(),
                            in.readLong(),
                            StateCodec.text(in));
            case SILENCED ->
                    new AlertRow.Silenced(
                            atMs,
                            StateCodec.text(in),
                            at(AlertRow.Change.values(), event),
                            StateCodec.text(in),
                            in.readBoolean(),
                            texts(in),
                            in.readLong(),
                            in.readLong(),
                            StateCodec.text(in),
                            StateCodec.text(in));
            default -> throw new IOException("record row must be of a known kind: " + kind);
        };
    }

    private static <T> T at(T[] values, int index) throws IOException {
        if (index >= values.length) {
            throw new IOException("record row must be of a known event: " + index);
        }
        return values[index];
    }

    private static List<Long> numbers(DataInputStream in) throws IOException {
        List<Long> numbers = new ArrayList<>();
        int count = StateCodec.count(in);
        for (int i = 0; i < count; i++) {
            numbers.add(in.readLong());
        }
        return numbers;
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        List<String> texts = new ArrayList<>();
        int count = StateCodec.count(in);
        for (int i = 0; i < count; i++) {
            texts.add(StateCodec.text(in));
        }
        return texts;
    }
}

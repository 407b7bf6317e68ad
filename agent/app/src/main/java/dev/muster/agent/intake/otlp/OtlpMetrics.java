package dev.muster.agent.intake.otlp;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRequest;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.PushBatch;
import dev.muster.model.sample.MetricType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Receives OpenTelemetry metrics over HTTP, in protobuf and in JSON. Thread-safe.
public final class OtlpMetrics implements PushHandler {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";
    private static final int INVALID_ARGUMENT = 3;

    private final Intake intake;
    private final OtlpPlan plan;
    private final Deltas deltas;

    public OtlpMetrics(Intake intake, OtlpPlan plan) {
        this.intake = intake;
        this.plan = plan;
        deltas = new Deltas(plan.deltaSeries());
    }

    @Override
    public PushAnswer handle(PushRequest request) throws PushRefusedException {
        boolean json = isJson(request.header("Content-Type"));
        PushBatch batch = PushBatch.of(request.header("Muster-Origin"));
        IntakeReceipt receipt = new IntakeReceipt();
        OtlpSink sink = new OtlpSink(intake, batch, receipt);
        try {
            byte[] bytes = request.bytes();
            int length = request.length();
            if (json) {
                bytes = OtlpJson.protobuf(bytes, length);
                length = bytes.length;
            }
            new OtlpRequest(bytes, plan, deltas, sink).read(length);
        } catch (ExpositionException | IOException e) {
            return status(json, "request must be OTLP metrics: " + e.getMessage());
        }
        PushAnswer answer = json ? json(receipt) : protobuf(receipt);
        return receipt.folded() == 0
                ? answer
                : answer.with("Muster-Folded", String.valueOf(receipt.folded()));
    }

    private static boolean isJson(String contentType) throws PushRefusedException {
        int end = contentType.indexOf(';');
        String type = (end < 0 ? contentType : contentType.substring(0, end)).strip();
        return switch (type.toLowerCase(Locale.ROOT)) {
            case PROTOBUF, "" -> false;
            case JSON -> true;
            default ->
                    throw new PushRefusedException(
                            415,
                            "content_type",
                            "content type must be " + PROTOBUF + " or " + JSON);
        };
    }

    private static PushAnswer protobuf(IntakeReceipt receipt) {
        if (receipt.refused() == 0) {
            return PushAnswer.bytes(200, PROTOBUF, new byte[0]);
        }
        ByteArrayOutputStream partial = new ByteArrayOutputStream();
        partial.write(1 << 3);
        varint(partial, receipt.refused());
        text(partial, 2, receipt.reasons());
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.write((1 << 3) | 2);
        varint(answer, partial.size());
        answer.writeBytes(partial.toByteArray());
        return PushAnswer.bytes(200, PROTOBUF, answer.toByteArray());
    }

    private static PushAnswer json(IntakeReceipt receipt) {
        return PushAnswer.json(
                200,
                receipt.refused() == 0
                        ? "{}"
                        : "{\"partialSuccess\":{\"rejectedDataPoints\":\""
                                + receipt.refused()
                                + "\",\"errorMessage\":"
                                + quoted(receipt.reasons())
                                + "}}");
    }

    /// A `google.rpc.Status`.
    private static PushAnswer status(boolean json, String message) {
        if (json) {
            return PushAnswer.json(
                    400, "{\"code\":" + INVALID_ARGUMENT + ",\"message\":" + quoted(message) + "}");
        }
        ByteArrayOutputStream status = new ByteArrayOutputStream();
        status.write(1 << 3);
        status.write(INVALID_ARGUMENT);
        text(status, 2, message);
        return PushAnswer.bytes(400, PROTOBUF, status.toByteArray());
    }

    private static void text(ByteArrayOutputStream out, int field, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write((field << 3) | 2);
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static String quoted(String text) {
        StringBuilder result = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                result.append('\\').append(c);
            } else if (c < 0x20) {
                result.append("\\u%04x".formatted((int) c));
            } else {
                result.append(c);
            }
        }
        return result.append('"').toString();
    }

    public void writeMetrics(ExpositionWriter out) {
        out.family(
                        "muster_otlp_delta_series",
                        MetricType.GAUGE,
                        "Series that are summed up from deltas.")
                .sample("muster_otlp_delta_series", deltas.size());
        out.family(
                        "muster_otlp_delta_series_forgotten_total",
                        MetricType.COUNTER,
                        "Series of deltas that made room for others, and start anew.")
                .sample("muster_otlp_delta_series_forgotten_total", deltas.forgotten());
    }
}

package dev.muster.agent.intake.remote;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRequest;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.PushBatch;
import java.util.Locale;

/// Receives remote write, 1.0 and 2.0. Thread-safe.
public final class RemoteWrite implements PushHandler {
    /// Names the origin of forwarded samples: `docs/format/forwarding.md`.
    private static final String ORIGIN = "Muster-Origin";

    private static final int ORIGIN_LIMIT = 256;
    private static final String VERSION_1 = "prometheus.WriteRequest";
    private static final String VERSION_2 = "io.prometheus.write.v2.Request";
    private static final String WRITTEN = "X-Prometheus-Remote-Write-";

    private final Intake intake;
    private final MetadataMemory metadata = new MetadataMemory();

    public RemoteWrite(Intake intake) {
        this.intake = intake;
    }

    @Override
    public PushAnswer handle(PushRequest request) throws PushRefusedException {
        boolean second = isSecond(request.header("Content-Type"));
        PushBatch batch = PushBatch.of(origin(request));
        IntakeReceipt receipt = new IntakeReceipt();
        try {
            if (second) {
                new SecondRequest(intake, batch, receipt).read(request.bytes(), request.length());
            } else {
                new FirstRequest(intake, batch, receipt, metadata)
                        .read(request.bytes(), request.length());
            }
        } catch (ExpositionException e) {
            // what came before is stored, as with a request that is refused in part
            return answer(400, "request must be remote write: " + e.getMessage(), receipt);
        }
        return receipt.refused() == 0
                ? answer(204, "", receipt)
                : answer(400, receipt.reasons(), receipt);
    }

    private static PushAnswer answer(int status, String text, IntakeReceipt receipt) {
        PushAnswer answer = text.isEmpty() ? PushAnswer.of(status) : PushAnswer.text(status, text);
        if (receipt.folded() > 0) {
            answer = answer.with("Muster-Folded", String.valueOf(receipt.folded()));
        }
        return answer.with(WRITTEN + "Samples-Written", String.valueOf(receipt.samples()))
                .with(WRITTEN + "Histograms-Written", String.valueOf(receipt.histograms()))
                .with(WRITTEN + "Exemplars-Written", String.valueOf(receipt.exemplars()));
    }

    /// The origin that a query node names; empty for none.
    public static String origin(PushRequest request) throws PushRefusedException {
        String origin = request.header(ORIGIN);
        if (origin.length() > ORIGIN_LIMIT) {
            throw PushRefusedException.bad(
                    "origin", ORIGIN + " must have at most characters=" + ORIGIN_LIMIT);
        }
        return origin;
    }

    private static boolean isSecond(String contentType) throws PushRefusedException {
        String[] parts = contentType.split(";", -1);
        String type = parts[0].strip().toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.equals("application/x-protobuf")) {
            throw new PushRefusedException(
                    415, "content_type", "content type must be application/x-protobuf");
        }
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.startsWith("proto=")) {
                return isSecondMessage(part.substring(6).replace("\"", ""));
            }
        }
        return false;
    }

    private static boolean isSecondMessage(String message) throws PushRefusedException {
        return switch (message) {
            case VERSION_1 -> false;
            case VERSION_2 -> true;
            default ->
                    throw new PushRefusedException(
                            415, "content_type", "proto must be " + VERSION_1 + " or " + VERSION_2);
        };
    }
}

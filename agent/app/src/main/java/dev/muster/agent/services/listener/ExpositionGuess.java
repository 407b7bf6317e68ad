package dev.muster.agent.services.listener;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.ExpositionParser;

/// Is the beginning of a body that of an exposition?
final class ExpositionGuess {
    private ExpositionGuess() {}

    /// @param type content type in lower case; empty for none
    /// @param limitBytes a body of this size was cut
    static Probe.Result judge(String type, byte[] body, int limitBytes) {
        int end = type.indexOf(';');
        String media = (end < 0 ? type : type.substring(0, end)).strip();
        if (media.equals("text/html") || media.equals("application/json")) {
            return new Probe.Result.NoMetrics("answers with " + media);
        }
        boolean cut = body.length >= limitBytes;
        ExpositionFormat format = ExpositionFormat.of(type, ExpositionFormat.PROMETHEUS_TEXT);
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        parser.reset(format, body, cut ? lastLine(body) : body.length);
        int samples = 0;
        try {
            while (parser.next()) {
                samples++;
            }
        } catch (ExpositionException e) {
            // OpenMetrics must have an end, which a cut body has not
            boolean endMissing = cut && format == ExpositionFormat.OPENMETRICS_TEXT && samples > 0;
            if (!endMissing) {
                return new Probe.Result.NoMetrics("answers with no exposition: " + e.getMessage());
            }
        }
        return samples > 0
                ? new Probe.Result.Metrics()
                : new Probe.Result.NoMetrics("answers with an exposition without samples");
    }

    private static int lastLine(byte[] body) {
        int length = body.length;
        while (length > 0 && body[length - 1] != '\n') {
            length--;
        }
        return length;
    }
}

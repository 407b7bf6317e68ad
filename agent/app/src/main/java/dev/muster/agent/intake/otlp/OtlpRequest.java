package dev.muster.agent.intake.otlp;

import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.WireReader;
import dev.muster.agent.intake.IntakeFault;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.util.HashMap;
import java.util.Map;

/// Reads an `ExportMetricsServiceRequest`. Confined to one thread.
///
/// Source: https://github.com/open-telemetry/opentelemetry-proto (metrics/v1)
final class OtlpRequest {
    private static final ExpositionLimits LIMITS = ExpositionLimits.DEFAULT;
    private static final int GAUGE = 5;
    private static final int SUM = 7;
    private static final int HISTOGRAM = 9;
    private static final int EXPONENTIAL = 10;
    private static final int SUMMARY = 11;
    private static final int DELTA = 1;

    private final byte[] bytes;
    private final OtlpPlan plan;
    private final OtlpNames names;
    private final OtlpSink sink;
    private final OtlpAttributes attributes = new OtlpAttributes();
    private final OtlpPoints points;

    OtlpRequest(byte[] bytes, OtlpPlan plan, Deltas deltas, OtlpSink sink) {
        this.bytes = bytes;
        this.plan = plan;
        this.sink = sink;
        names = new OtlpNames(plan.names());
        points = new OtlpPoints(bytes, plan, names, deltas, sink);
    }

    void read(int length) throws ExpositionException, PushRefusedException {
        try {
            WireReader in = at(0, length);
            while (in.next()) {
                if (in.field() == 1) {
                    in.content();
                    resource(in.start(), in.stop());
                } else {
                    in.skip();
                }
            }
        } finally {
            sink.flush();
        }
    }

    private WireReader at(int from, int to) {
        WireReader in = new WireReader();
        in.reset(bytes, from, to);
        return in;
    }

    private void resource(int from, int to) throws ExpositionException, PushRefusedException {
        Map<String, String> found = new HashMap<>();
        WireReader in = at(from, to);
        while (in.next()) {
            if (in.field() == 1) {
                in.content();
                attributes(in.start(), in.stop(), found);
            } else {
                in.skip();
            }
        }
        OtlpResource resource = new OtlpResource(found, names, plan);
        sink.takeNewestMs();
        in = at(from, to);
        while (in.next()) {
            if (in.field() == 2) {
                in.content();
                scope(in.start(), in.stop(), resource);
            } else {
                in.skip();
            }
        }
        info(resource);
    }

    private void attributes(int from, int to, Map<String, String> into) throws ExpositionException {
        WireReader in = at(from, to);
        while (in.next()) {
            if (in.field() == 1) {
                in.content();
                attributes.add(bytes, in.start(), in.stop(), into);
            } else {
                in.skip();
            }
        }
    }

    private void info(OtlpResource resource) throws PushRefusedException {
        long newestMs = sink.takeNewestMs();
        if (newestMs > 0 && resource.info().isPresent()) {
            Labels labels = resource.info().get();
            sink.sample(
                    labels,
                    new MetricMetadata(MetricType.GAUGE, "", "Target metadata"),
                    newestMs,
                    1,
                    0);
            sink.endPoint();
        }
    }

    private void scope(int from, int to, OtlpResource resource)
            throws ExpositionException, PushRefusedException {
        WireReader in = at(from, to);
        while (in.next()) {
            if (in.field() == 2) {
                in.content();
                metric(in.start(), in.stop(), resource);
            } else {
                in.skip();
            }
        }
    }

    private void metric(int from, int to, OtlpResource resource)
            throws ExpositionException, PushRefusedException {
        String name = "";
        String help = "";
        String unit = "";
        int kind = 0;
        int start = 0;
        int stop = 0;
        WireReader in = at(from, to);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text("metric name", LIMITS.nameLength());
                case 2 -> help = in.text("description", LIMITS.valueLength());
                case 3 -> unit = in.text("unit", LIMITS.nameLength());
                case GAUGE, SUM, HISTOGRAM, EXPONENTIAL, SUMMARY -> {
                    kind = in.field();
                    in.content();
                    start = in.start();
                    stop = in.stop();
                }
                default -> in.skip();
            }
        }
        if (name.isEmpty() || kind == 0) {
            sink.refuse(IntakeFault.LABELS, "metric must have a name and data: found=" + name);
            return;
        }
        data(new Metric(name, help, unit, kind), start, stop, resource);
    }

    private record Metric(String name, String help, String unit, int kind) {}

    private void data(Metric metric, int from, int to, OtlpResource resource)
            throws ExpositionException, PushRefusedException {
        long temporality = 0;
        boolean monotonic = false;
        WireReader in = at(from, to);
        while (in.next()) {
            switch (in.field()) {
                case 2 -> temporality = in.number();
                case 3 -> monotonic = in.number() != 0;
                default -> in.skip();
            }
        }
        points.begin(family(metric, monotonic), resource, temporality == DELTA);
        in = at(from, to);
        while (in.next()) {
            if (in.field() == 1) {
                in.content();
                point(metric.kind(), in.start(), in.stop());
                sink.endPoint();
            } else {
                in.skip();
            }
        }
    }

    private OtlpPoints.Family family(Metric metric, boolean monotonic) {
        boolean counter = metric.kind() == SUM && monotonic;
        MetricType type =
                switch (metric.kind()) {
                    case GAUGE -> MetricType.GAUGE;
                    case SUM -> monotonic ? MetricType.COUNTER : MetricType.GAUGE;
                    case SUMMARY -> MetricType.SUMMARY;
                    default -> MetricType.HISTOGRAM;
                };
        return new OtlpPoints.Family(
                names.metric(metric.name(), metric.unit(), counter, metric.kind() == GAUGE),
                new MetricMetadata(type, OtlpNames.unit(metric.unit()), metric.help()));
    }

    private void point(int kind, int from, int to) throws ExpositionException {
        switch (kind) {
            case GAUGE, SUM -> points.number(from, to);
            case HISTOGRAM -> points.histogram(from, to);
            case EXPONENTIAL -> points.exponential(from, to);
            default -> points.summary(from, to);
        }
    }
}

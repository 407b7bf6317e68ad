package dev.muster.agent.part;

import dev.muster.head.Head;
import dev.muster.head.HeadConfig;
import dev.muster.model.frame.FrameSeriesSet;
import dev.muster.model.frame.FrameWriter;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.Steps;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.part.Part;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartReader;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSink;
import dev.muster.promql.part.PartSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// What an agent of 3,000 series and a query node do for a rate over an hour: with the samples
/// sent, and with parts answered. Bytes of the answer, CPU of both sides, medians of some rounds;
/// HTTP is left out. `PartCostBenchmark [series] [scrape seconds] [rounds]`.
final class PartCostBenchmark {
    private static final long NOW_MS = 1_767_225_600_000L;
    private static final Steps STEPS = new Steps(NOW_MS - 3_600_000, NOW_MS, 15_000);
    private static final Labels OWNER = Labels.of("cell", "c", "host", "h");
    private static final PartLimits LIMITS =
            new PartLimits(1, 0, 50_000_000, 200_000, 64 << 20, Duration.ofMinutes(5));
    private static final TimeRange RANGE = new TimeRange(NOW_MS - 3_900_000 + 1, NOW_MS + 1);
    private static final List<LabelMatcher> X = List.of(LabelMatcher.equal("__name__", "x"));

    private final Head head;
    private final PromQlEngine node = new PromQlEngine(EngineConfig.DEFAULT);

    private PartCostBenchmark(Head head) {
        this.head = head;
    }

    public static void main(String[] arguments) throws Exception {
        int series = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3_000;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 7;
        Path directory = Files.createTempDirectory("part-cost");
        HeadConfig config =
                HeadConfig.in(directory)
                        .withOutOfOrderWindow(Duration.ofHours(2))
                        .withSyncInterval(Duration.ofMinutes(10));
        try (Head head = Head.open(config, () -> Instant.ofEpochMilli(NOW_MS))) {
            store(head, series, seconds);
            PartCostBenchmark benchmark = new PartCostBenchmark(head);
            for (String query : List.of("sum by (job) (rate(x[5m]))", "sum(x)", "topk(5, x)")) {
                benchmark.run(query, rounds);
            }
        }
    }

    private static void store(Head head, int series, int seconds) throws IOException {
        Random random = new Random(1);
        double[] values = new double[series];
        try (SampleAppender appender = head.appender("bench")) {
            int[] references = new int[series];
            for (long at = RANGE.startMs() - 1; at < RANGE.endMs(); at += 1_000L * seconds) {
                appender.begin(at);
                for (int i = 0; i < series; i++) {
                    if (at < RANGE.startMs()) {
                        references[i] = appender.series(labels(i), MetricMetadata.NONE);
                    }
                    values[i] += random.nextInt(100);
                    appender.append(references[i], values[i]);
                }
                appender.commit();
            }
        }
    }

    private static Labels labels(int i) {
        return Labels.of(
                "__name__",
                "x",
                "cell",
                "c",
                "host",
                "h",
                "instance",
                "127.0.0.1:" + (8_000 + i % 30),
                "job",
                "job" + i % 10,
                "path",
                "/path/" + i);
    }

    private record Cost(int bytes, double agentMs, double nodeMs) {}

    private void run(String query, int rounds) throws Exception {
        Cost[] raw = new Cost[rounds];
        Cost[] part = new Cost[rounds];
        for (int i = 0; i < rounds; i++) {
            raw[i] = raw(query);
            part[i] = part(query);
        }
        print(query, "samples sent", raw);
        print(query, "part answered", part);
    }

    private static void print(String query, String how, Cost[] costs) {
        System.out.printf(
                "| `%s` | %s | %,d | %.0f | %.0f |%n",
                query,
                how,
                costs[0].bytes,
                median(Arrays.stream(costs).mapToDouble(Cost::agentMs).toArray()),
                median(Arrays.stream(costs).mapToDouble(Cost::nodeMs).toArray()));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private Cost raw(String query) throws Exception {
        SelectRequest request = SelectRequest.of(RANGE, X);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        long start = cpuNanos();
        try (SeriesSet set = head.select(request)) {
            FrameWriter.write(set, true, answer);
        }
        long sent = cpuNanos();
        byte[] bytes = answer.toByteArray();
        var _ =
                node.range(
                        asked -> FrameSeriesSet.read(new ByteArrayInputStream(bytes), asked),
                        query,
                        STEPS,
                        QueryOptions.DEFAULT);
        return new Cost(bytes.length, (sent - start) / 1e6, (cpuNanos() - sent) / 1e6);
    }

    private Cost part(String query) throws Exception {
        Answering source = new Answering();
        long start = cpuNanos();
        var _ = node.range(source, query, STEPS, QueryOptions.DEFAULT);
        long all = cpuNanos() - start;
        return new Cost(source.bytes, source.nanos / 1e6, (all - source.nanos) / 1e6);
    }

    /// CPU of all threads: parts are asked on threads of their own.
    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /// Has one part, which is answered here as an agent would.
    private final class Answering implements PartSource, Part {
        private int bytes;
        private long nanos;

        @Override
        public SeriesSet select(SelectRequest request) throws IOException {
            throw new IOException("all steps can be answered by the part");
        }

        @Override
        public PartPlan plan(PartQuery query, List<PartSelector> selectors, ReadBudget budget) {
            return new PartPlan(query.steps().startMs(), List.of(this));
        }

        @Override
        public String name() {
            return "agent";
        }

        @Override
        public void ask(PartQuery query, PartSink sink, ReadBudget budget) throws IOException {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            long start = cpuNanos();
            Optional<?> failure =
                    new PartAnswers(head, OWNER, LIMITS).answer(query, answer, budget);
            if (failure.isPresent()) {
                throw new IOException("part must be answered: " + failure);
            }
            nanos += cpuNanos() - start;
            bytes += answer.size();
            PartReader.read(new ByteArrayInputStream(answer.toByteArray()), query, sink, budget);
        }
    }
}

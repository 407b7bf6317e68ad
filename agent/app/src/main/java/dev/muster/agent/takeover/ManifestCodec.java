package dev.muster.agent.takeover;

import dev.muster.agent.exposition.NameEscaping;
import dev.muster.agent.exposition.NameValidation;
import dev.muster.agent.exposition.ScrapeProtocol;
import dev.muster.agent.runs.JobView;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.scrape.relabel.RelabelAction;
import dev.muster.agent.scrape.relabel.RelabelPattern;
import dev.muster.agent.scrape.relabel.RelabelRule;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.zip.CRC32C;

/// Manifests as bytes, drawn in `docs/format/manifest.md`. The same manifest has the same bytes.
final class ManifestCodec {
    private static final int MAGIC = 0x4D544D31;

    /// With jobs: those that know only the first version go on where there are none.
    private static final int MAGIC_WITH_JOBS = 0x4D544D32;

    private static final int HEADER_BYTES = 4;

    /// What jobs may take where there is not room for all.
    private static final int HALF_BYTES = Manifest.LIMIT_BYTES / 2;

    private static final int CRC_BYTES = 4;

    /// The least that a job takes.
    private static final int JOB_BYTES = 20;

    private ManifestCodec() {}

    /// At most [Manifest#LIMIT_BYTES]: targets that find no place are left out, the last first.
    static byte[] encode(Manifest manifest) {
        byte[] whole = bytes(manifest);
        if (whole.length <= Manifest.LIMIT_BYTES) {
            return whole;
        }
        int jobs = manifest.jobs().map(known -> known.jobs().size()).orElse(0);
        Manifest alone = manifest.first(0);
        Manifest cut =
                manifest.firstJobs(
                        most(jobs, count -> bytes(alone.firstJobs(count)).length, HALF_BYTES));
        int targets =
                most(
                        manifest.targets().size(),
                        count -> bytes(cut.first(count)).length,
                        Manifest.LIMIT_BYTES);
        return bytes(cut.first(targets));
    }

    /// The largest count up to `all` that has no more than `limit` bytes; 0 if none has.
    private static int most(int all, IntUnaryOperator sizeOf, int limit) {
        int least = 0;
        int most = all;
        while (least < most) {
            int middle = (least + most + 1) >>> 1;
            boolean fits = sizeOf.applyAsInt(middle) <= limit;
            least = fits ? middle : least;
            most = fits ? most : middle - 1;
        }
        return least;
    }

    private static byte[] bytes(Manifest manifest) {
        ManifestWriter out = new ManifestWriter();
        out.text(manifest.cell()).text(manifest.host());
        out.number(manifest.external().size());
        manifest.sortedExternal().forEach((name, value) -> out.text(name).text(value));
        Map<ScrapeProfile, Integer> profiles = new LinkedHashMap<>();
        manifest.targets()
                .forEach(target -> profiles.putIfAbsent(target.profile(), profiles.size()));
        out.number(profiles.size());
        profiles.keySet().forEach(profile -> write(out, profile));
        out.number(manifest.targets().size());
        for (ManifestTarget target : manifest.targets()) {
            write(out, target, Objects.requireNonNull(profiles.get(target.profile())));
        }
        out.number(manifest.omitted());
        if (manifest.jobs().isEmpty()) {
            return framed(MAGIC, out.finish());
        }
        write(out, manifest.jobs().get());
        return framed(MAGIC_WITH_JOBS, out.finish());
    }

    private static void write(ManifestWriter out, ManifestJobs jobs) {
        out.number(jobs.timing().intervalMs()).number(jobs.timing().timeoutMs());
        out.labels(jobs.labels()).fixed32(jobs.spread());
        out.number(jobs.jobs().size());
        jobs.jobs().forEach(job -> JobsCodec.write(out, job));
        out.number(jobs.omitted());
    }

    private static byte[] framed(int magic, byte[] fields) {
        byte[] bytes = new byte[HEADER_BYTES + fields.length + CRC_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).putInt(magic).put(fields);
        return buffer.putInt(crc(bytes)).array();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - CRC_BYTES);
        return (int) crc.getValue();
    }

    private static void write(ManifestWriter out, ScrapeProfile profile) {
        out.text(profile.job()).text(profile.credential());
        out.number(profile.timing().intervalMs()).number(profile.timing().timeoutMs());
        write(out, profile.limits());
        write(out, profile.formats());
        SeriesRules rules = profile.rules();
        out.flags(
                rules.honorLabels(),
                rules.honorTimestamps(),
                rules.trackTimestampsStaleness(),
                profile.http().followRedirects(),
                profile.http().compression(),
                profile.http().http2(),
                profile.http().insecureSkipVerify());
        out.text(profile.http().serverName());
        out.number(rules.metricRelabel().size());
        rules.metricRelabel().forEach(rule -> write(out, rule));
    }

    private static void write(ManifestWriter out, ScrapeLimits limits) {
        out.number(limits.bodySizeBytes()).number(limits.samples()).number(limits.labels());
        out.number(limits.labelNameLength()).number(limits.labelValueLength());
        out.number(limits.histogramBuckets());
        out.fixed64(Double.doubleToRawLongBits(limits.histogramBucketFactor()));
    }

    private static void write(ManifestWriter out, ScrapeFormats formats) {
        out.texts(formats.protocols().stream().map(ScrapeProtocol::configName).toList());
        out.text(formats.fallback().map(ScrapeProtocol::configName).orElse(""));
        out.flags(
                formats.nativeHistograms(),
                formats.alwaysClassicHistograms(),
                formats.convertClassicHistograms(),
                formats.extraMetrics());
        out.number(formats.validation().ordinal()).text(formats.escaping().text());
    }

    private static void write(ManifestWriter out, RelabelRule rule) {
        out.text(rule.action().text()).texts(rule.sourceLabels()).text(rule.separator());
        out.text(rule.regex().text()).number(rule.modulus());
        out.text(rule.targetLabel()).text(rule.replacement());
    }

    private static void write(ManifestWriter out, ManifestTarget target, int profile) {
        out.number(profile).labels(target.labels()).labels(target.info());
        out.fixed32(target.spread()).text(target.unprobeable());
        target.endpoint()
                .ifPresent(endpoint -> {
                    out.flags(endpoint.tls()).text(endpoint.host());
                    out.number(endpoint.port()).text(endpoint.uri());
                });
    }

    /// @throws ManifestException if the bytes are no whole, undamaged manifest of a known version
    static Manifest decode(byte[] bytes) throws ManifestException {
        if (bytes.length < HEADER_BYTES + CRC_BYTES || bytes.length > Manifest.LIMIT_BYTES) {
            throw new ManifestException(
                    "manifest must have at most "
                            + Manifest.LIMIT_BYTES
                            + " bytes, and a header: sizeBytes="
                            + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int magic = in.getInt();
        if (magic != MAGIC && magic != MAGIC_WITH_JOBS) {
            throw new ManifestException(
                    "manifest must be of a known version: magic=0x" + Integer.toHexString(magic));
        }
        int expected = in.getInt(bytes.length - CRC_BYTES);
        if (expected != crc(bytes)) {
            throw new ManifestException(
                    "manifest checksum must match: expected=0x"
                            + Integer.toHexString(expected)
                            + ", actual=0x"
                            + Integer.toHexString(crc(bytes)));
        }
        in.limit(bytes.length - CRC_BYTES);
        ManifestReader reader = new ManifestReader(in.slice());
        try {
            Manifest manifest = manifest(reader, magic == MAGIC_WITH_JOBS);
            reader.end();
            return manifest;
        } catch (IllegalArgumentException e) {
            throw reader.refuse(String.valueOf(e.getMessage()));
        }
    }

    private static Manifest manifest(ManifestReader in, boolean withJobs) throws ManifestException {
        String cell = in.text();
        String host = in.text();
        Map<String, String> external = new LinkedHashMap<>();
        for (int left = in.count(2); left > 0; left--) {
            external.put(in.text(), in.text());
        }
        List<ScrapeProfile> profiles = new ArrayList<>();
        for (int left = in.count(1); left > 0; left--) {
            profiles.add(profile(in));
        }
        List<ManifestTarget> targets = new ArrayList<>();
        for (int left = in.count(1); left > 0; left--) {
            targets.add(target(in, profiles));
        }
        int omitted = in.integer();
        Optional<ManifestJobs> jobs = withJobs ? Optional.of(jobs(in)) : Optional.empty();
        return new Manifest(cell, host, external, targets, omitted, jobs);
    }

    private static ManifestJobs jobs(ManifestReader in) throws ManifestException {
        ScrapeTiming timing = timing(in);
        var labels = in.labels();
        int spread = in.fixed32();
        List<JobView> jobs = new ArrayList<>();
        for (int left = in.count(JOB_BYTES); left > 0; left--) {
            jobs.add(JobsCodec.read(in));
        }
        return new ManifestJobs(timing, labels, spread, jobs, in.integer());
    }

    private static ScrapeTiming timing(ManifestReader in) throws ManifestException {
        return new ScrapeTiming(Duration.ofMillis(in.number()), Duration.ofMillis(in.number()));
    }

    private static ScrapeProfile profile(ManifestReader in) throws ManifestException {
        String job = in.text();
        String credential = in.text();
        ScrapeTiming timing = timing(in);
        ScrapeLimits limits = limits(in);
        ScrapeFormats formats = formats(in);
        int flags = in.flags(7);
        ScrapeProfile.PlainHttp http =
                new ScrapeProfile.PlainHttp(
                        bit(flags, 3), bit(flags, 4), bit(flags, 5), bit(flags, 6), in.text());
        List<RelabelRule> rules = new ArrayList<>();
        for (int left = in.count(1); left > 0; left--) {
            rules.add(rule(in));
        }
        SeriesRules series = new SeriesRules(bit(flags, 0), bit(flags, 1), bit(flags, 2), rules);
        return new ScrapeProfile(job, timing, limits, formats, series, http, credential);
    }

    private static boolean bit(int flags, int index) {
        return (flags & (1 << index)) != 0;
    }

    private static ScrapeLimits limits(ManifestReader in) throws ManifestException {
        return new ScrapeLimits(
                in.number(),
                in.integer(),
                in.integer(),
                in.integer(),
                in.integer(),
                0,
                in.integer(),
                Double.longBitsToDouble(in.fixed64()),
                0);
    }

    private static ScrapeFormats formats(ManifestReader in) throws ManifestException {
        List<ScrapeProtocol> protocols = new ArrayList<>();
        for (String name : in.list()) {
            protocols.add(protocol(in, name));
        }
        String fallback = in.text();
        Optional<ScrapeProtocol> other =
                fallback.isEmpty() ? Optional.empty() : Optional.of(protocol(in, fallback));
        int flags = in.flags(4);
        NameValidation validation = in.oneOf(NameValidation.values());
        String escaping = in.text();
        NameEscaping known = NameEscaping.named(escaping);
        if (known == null) {
            throw in.refuse("escaping must be known: found=" + escaping);
        }
        return new ScrapeFormats(
                protocols,
                other,
                bit(flags, 0),
                bit(flags, 1),
                bit(flags, 2),
                validation,
                known,
                bit(flags, 3));
    }

    private static ScrapeProtocol protocol(ManifestReader in, String name)
            throws ManifestException {
        return Arrays.stream(ScrapeProtocol.values())
                .filter(protocol -> protocol.configName().equals(name))
                .findFirst()
                .orElseThrow(() -> in.refuse("protocol must be known: found=" + name));
    }

    private static RelabelRule rule(ManifestReader in) throws ManifestException {
        String action = in.text();
        return new RelabelRule(
                RelabelAction.of(action)
                        .orElseThrow(() -> in.refuse("action must be known: found=" + action)),
                in.list(),
                in.text(),
                RelabelPattern.of(in.text()),
                in.number(),
                in.text(),
                in.text());
    }

    private static ManifestTarget target(ManifestReader in, List<ScrapeProfile> profiles)
            throws ManifestException {
        int profile = in.integer();
        if (profile >= profiles.size()) {
            throw in.refuse(
                    "profile must be there: found=" + profile + ", profiles=" + profiles.size());
        }
        var labels = in.labels();
        var info = in.labels();
        int spread = in.fixed32();
        String unprobeable = in.text();
        Optional<Endpoint.Http> endpoint = Optional.empty();
        if (unprobeable.isEmpty()) {
            boolean tls = in.flags(1) == 1;
            endpoint = Optional.of(new Endpoint.Http(tls, in.text(), in.integer(), in.text()));
        }
        return new ManifestTarget(
                profiles.get(profile), labels, info, endpoint, spread, unprobeable);
    }
}

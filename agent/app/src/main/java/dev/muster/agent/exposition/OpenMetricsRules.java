package dev.muster.agent.exposition;

import dev.muster.model.sample.MetricType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The rules of OpenMetrics that span lines: families whole and named once, metrics and points not
/// interleaved, times in order, values that fit the type. Owned by an [OpenMetricsReader].
final class OpenMetricsRules {
    /*
     * A body is families, a family is metrics (label sets), a metric is points (times), a point is
     * samples. Each level ends where the next line does not belong to it, and is never opened again:
     * `names` holds the sample names that families of this body may use, `groups` the metrics of
     * this family that have begun, `series` the samples of this point. All are sets of hashes, so
     * that a body of any size is checked without an object per sample.
     */
    static final MetricType[] TYPES = MetricType.values();

    private final OpenMetricsReader reader;
    private final boolean checkAll;
    private final FamilyMetadata family;
    private final SeenTable names = new SeenTable();
    private final SeenTable groups = new SeenTable();
    private final SeenTable series = new SeenTable();
    private final PointRules point;

    private boolean hasFamily;
    private boolean hasHelp;
    private boolean hasUnit;
    private boolean hasSamples;

    private boolean hasGroup;
    private long group;
    private boolean timed;
    private double pointSeconds;

    OpenMetricsRules(OpenMetricsReader reader, OpenMetricsChecks checks) {
        this.reader = reader;
        checkAll = checks == OpenMetricsChecks.ALL;
        family = reader.family;
        point = new PointRules(reader);
    }

    void reset() {
        names.trim();
        groups.trim();
        series.trim();
        hasFamily = false;
        hasSamples = false;
        hasGroup = false;
    }

    /// A line of metadata names this family.
    void descriptor(int nameStart, int nameEnd) throws ExpositionException {
        if (!hasFamily || !family.isNamed(nameStart, nameEnd)) {
            startFamily(nameStart, nameEnd);
        } else if (hasSamples && checkAll) {
            throw reader.refuse(
                    nameStart,
                    nameEnd,
                    "metadata must stand before the samples of its family",
                    "write # TYPE, # UNIT and # HELP first");
        }
    }

    void type(MetricType type, int from, int to) throws ExpositionException {
        refuseSecond(family.type != null, from, to);
        family.type = type;
        family.changed();
    }

    void help(int from, int to) throws ExpositionException {
        refuseSecond(hasHelp, from, to);
        hasHelp = true;
        family.helpStart = from;
        family.helpEnd = to;
        family.changed();
    }

    void unit(int from, int to) throws ExpositionException {
        refuseSecond(hasUnit, from, to);
        hasUnit = true;
        family.unitStart = from;
        family.unitEnd = to;
        family.changed();
        if (from < to && checkAll) {
            checkUnit(from, to);
        }
    }

    private void refuseSecond(boolean seen, int from, int to) throws ExpositionException {
        if (seen && checkAll) {
            throw reader.refuse(
                    from,
                    to,
                    "metadata of a family must be declared once",
                    "one # TYPE, one # UNIT and one # HELP for each name");
        }
    }

    private void checkUnit(int from, int to) throws ExpositionException {
        byte[] body = reader.body;
        int suffix = family.nameEnd - (to - from);
        if (suffix <= family.nameStart
                || body[suffix - 1] != '_'
                || !Arrays.equals(body, suffix, family.nameEnd, body, from, to)) {
            throw reader.refuse(
                    from,
                    to,
                    "unit must be the end of the family's name after an underscore",
                    "name the family such as request_duration_seconds");
        }
    }

    /// The sample that the reader has just read.
    ///
    /// @return what it is to its family
    SampleRole sample() throws ExpositionException {
        SampleRole role = role();
        if (role == null) {
            startFamily(reader.nameStart, reader.nameEnd);
            role = SampleRole.VALUE;
        }
        if (checkAll) {
            check(role);
        }
        hasSamples = true;
        return role;
    }

    private void check(SampleRole role) throws ExpositionException {
        if (!hasSamples) {
            settle();
        }
        MetricType type = family.type();
        int own = point.ownLabel(type, role);
        if (type == MetricType.INFO) {
            infoPoint();
        } else {
            metric(type, own, role);
        }
        point.sample(type, role, own);
    }

    /// The end of the exposition.
    void finish() throws ExpositionException {
        finishFamily();
    }

    private @Nullable SampleRole role() throws ExpositionException {
        int length = family.nameEnd - family.nameStart;
        int suffix = reader.nameStart + length;
        if (!hasFamily || suffix > reader.nameEnd || !family.isNamed(reader.nameStart, suffix)) {
            return null;
        }
        SampleRole role = SampleRole.of(family.type(), reader.body, suffix, reader.nameEnd);
        if (role == null && suffix == reader.nameEnd && checkAll) {
            throw reader.refuse(
                    reader.nameStart,
                    reader.nameEnd,
                    "name of a sample must have a suffix of its family's type",
                    suffixHint(family.type()));
        }
        return role;
    }

    private static String suffixHint(MetricType type) {
        StringBuilder hint =
                new StringBuilder("samples of a ").append(type.text()).append(" end in");
        for (SampleRole role : SampleRole.of(type)) {
            hint.append(' ').append(role.suffix());
        }
        return hint.toString();
    }

    private void startFamily(int nameStart, int nameEnd) throws ExpositionException {
        finishFamily();
        family.start(nameStart, nameEnd);
        hasFamily = true;
        hasHelp = false;
        hasUnit = false;
        hasSamples = false;
        hasGroup = false;
        groups.clear();
        series.clear();
    }

    private void finishFamily() throws ExpositionException {
        if (hasGroup) {
            point.finish(family.type());
        }
        if (hasFamily && !hasSamples && checkAll) {
            settle();
        }
    }

    /// The family's metadata is complete: claims all names that its samples may have.
    private void settle() throws ExpositionException {
        MetricType type = family.type();
        if (family.unitStart < family.unitEnd
                && (type == MetricType.INFO || type == MetricType.STATE_SET)) {
            throw reader.refuse(
                    family.unitStart,
                    family.unitEnd,
                    "family of type " + type.text() + " must have no unit",
                    "leave the # UNIT line out");
        }
        long name = nameHash(reader.body, family.nameStart, family.nameEnd);
        claim(name);
        for (SampleRole role : SampleRole.of(type)) {
            if (!role.suffix().isEmpty()) {
                claim(nameHash(name, role.suffix()));
            }
        }
    }

    private void claim(long name) throws ExpositionException {
        if (!names.add(LabelSpans.mix(name))) {
            throw reader.refuse(
                    family.nameStart,
                    family.nameEnd,
                    "family must not share a sample name with another, nor be interrupted by one",
                    "keep all lines of a family together; a counter x also owns x_total and"
                            + " x_created");
        }
    }

    /// FNV-1a, which can go on with a suffix.
    private static long nameHash(byte[] body, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int at = from; at < to; at++) {
            hash = (hash ^ (body[at] & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private static long nameHash(long hash, String suffix) {
        long longer = hash;
        for (int i = 0; i < suffix.length(); i++) {
            longer = (longer ^ suffix.charAt(i)) * 0x100000001b3L;
        }
        return longer;
    }

    /// Labels of an info metric cannot be told from those of its value, so that only a sample
    /// exposed twice is refused.
    private void infoPoint() throws ExpositionException {
        long time = Double.doubleToRawLongBits(reader.timestampSeconds);
        if (!series.add(reader.labels.hash(-1) ^ LabelSpans.mix(time))) {
            throw duplicate();
        }
    }

    private void metric(MetricType type, int own, SampleRole role) throws ExpositionException {
        long labels = reader.labels.hash(own);
        boolean later = false;
        if (hasGroup && labels == group) {
            later = checkTime();
            if (later) {
                point.finish(type);
            }
        } else {
            startGroup(type, labels);
            later = true;
        }
        if (later) {
            pointSeconds = reader.timestampSeconds;
            series.clear();
            point.start();
        }
        boolean single = type == MetricType.GAUGE || type == MetricType.UNKNOWN;
        if (single ? !later : !series.add(reader.labels.hash(-1) + role.ordinal())) {
            throw duplicate();
        }
    }

    private void startGroup(MetricType type, long labels) throws ExpositionException {
        if (hasGroup) {
            point.finish(type);
        }
        if (!groups.add(labels)) {
            throw reader.refuse(
                    reader.keyStart,
                    reader.keyEnd,
                    "samples of a metric must stand together",
                    "write all samples with the same labels before those with others");
        }
        hasGroup = true;
        group = labels;
        timed = reader.hasTimestamp;
    }

    /// @return whether the sample starts a later point of its metric
    private boolean checkTime() throws ExpositionException {
        if (reader.hasTimestamp != timed) {
            throw reader.refuse(
                    reader.keyStart,
                    reader.keyEnd,
                    "samples of a metric must all have a timestamp or none",
                    "leave timestamps out unless the values are of the past");
        }
        if (reader.timestampSeconds < pointSeconds) {
            throw reader.refuse(
                    reader.valueEnd + 1,
                    "timestamps of a metric must not go back",
                    "expose older points first");
        }
        return reader.timestampSeconds > pointSeconds;
    }

    private ExpositionException duplicate() {
        return reader.refuse(
                reader.keyStart,
                reader.keyEnd,
                "sample must be exposed once for each time",
                "two collectors may expose the same metric");
    }
}

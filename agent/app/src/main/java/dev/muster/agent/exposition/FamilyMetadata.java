package dev.muster.agent.exposition;

import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the body said last of a family, as offsets; made into a value when someone asks. Owned by a
/// reader.
final class FamilyMetadata {
    private final boolean escapedQuotes;
    private byte[] body = new byte[0];

    int nameStart;
    int nameEnd;

    /// Null where none was declared.
    @Nullable MetricType type;

    int helpStart;
    int helpEnd;
    int unitStart;
    int unitEnd;

    private @Nullable MetricMetadata made;

    /// @param escapedQuotes whether the format escapes double quotes in help texts
    FamilyMetadata(boolean escapedQuotes) {
        this.escapedQuotes = escapedQuotes;
    }

    void reset(byte[] body) {
        this.body = body;
        start(0, 0);
    }

    /// Becomes what another says now.
    void copy(FamilyMetadata other) {
        body = other.body;
        nameStart = other.nameStart;
        nameEnd = other.nameEnd;
        type = other.type;
        helpStart = other.helpStart;
        helpEnd = other.helpEnd;
        unitStart = other.unitStart;
        unitEnd = other.unitEnd;
        made = other.made;
    }

    /// Another family starts.
    void start(int nameStart, int nameEnd) {
        this.nameStart = nameStart;
        this.nameEnd = nameEnd;
        type = null;
        helpStart = 0;
        helpEnd = 0;
        unitStart = 0;
        unitEnd = 0;
        made = null;
    }

    /// More was said of the family.
    void changed() {
        made = null;
    }

    boolean isNamed(int from, int to) {
        return Arrays.equals(body, nameStart, nameEnd, body, from, to);
    }

    MetricType type() {
        return type == null ? MetricType.UNKNOWN : type;
    }

    /// The type of the sample of that name: this family's where it belongs to it.
    MetricType typeOf(int from, int to) {
        return nameEnd > nameStart && owns(from, to) ? type() : MetricType.UNKNOWN;
    }

    /// Metadata for a sample of that name: this family's where it belongs to it.
    MetricMetadata metadata(int from, int to) {
        if (nameEnd == nameStart || !owns(from, to)) {
            return MetricMetadata.NONE;
        }
        MetricMetadata result = made;
        if (result == null) {
            result =
                    new MetricMetadata(
                            type(),
                            text(unitStart, unitEnd),
                            LabelDecoder.unescape(text(helpStart, helpEnd), escapedQuotes));
            made = result;
        }
        return result;
    }

    private boolean owns(int from, int to) {
        int length = nameEnd - nameStart;
        if (to - from < length || !isNamed(from, from + length)) {
            return false;
        }
        if (to - from == length) {
            return true;
        }
        // a counter of the older format has its suffix in the family's name
        return SampleRole.of(type(), body, from + length, to) != null;
    }

    private String text(int from, int to) {
        return new String(body, from, to - from, StandardCharsets.UTF_8);
    }
}

package dev.muster.blocks.manifest;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.bucket.PutResult;
import dev.muster.blocks.schema.PercentText;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The manifests of a bucket: for each cell and day a chain of versions, of which the last counts.
/// A version is put only if it is not there, so that of several writers one makes each.
/// Thread-safe.
public final class ManifestStore {
    private static final String PREFIX = "v1/manifest/";
    private static final Pattern KEY =
            Pattern.compile("v1/manifest/date=([0-9-]{10})/cell=([^/]+)/(\\d{8})\\.txt");

    /// A cell and day has some hundred blocks.
    private static final int LARGEST_BYTES = 64 << 20;

    private final Bucket bucket;

    /// What was read last of each day: a version never changes.
    private final Map<LocalDate, Map<String, DayManifest>> known = new ConcurrentHashMap<>();

    public ManifestStore(Bucket bucket) {
        this.bucket = bucket;
    }

    /// What all keys of a day start with.
    public static String prefix(LocalDate date) {
        return PREFIX + "date=" + date + "/";
    }

    static String key(DayManifest manifest) {
        return prefix(manifest.date())
                + "cell=%s/%08d.txt"
                        .formatted(PercentText.escaped(manifest.cell()), manifest.version());
    }

    /// The last versions of a day, by cell; nothing of cells where nothing was merged.
    ///
    /// @throws IOException if one cannot be read: without it blocks would be missing or counted
    ///   twice
    public Map<String, DayManifest> load(LocalDate date) throws IOException {
        Map<String, ObjectInfo> last = new TreeMap<>();
        for (ObjectInfo object : bucket.list(prefix(date))) {
            Matcher key = KEY.matcher(object.key());
            if (key.matches()) {
                // ascending by key, which is by version
                last.put(PercentText.unescaped(key.group(2)), object);
            }
        }
        Map<String, DayManifest> before = known.getOrDefault(date, Map.of());
        Map<String, DayManifest> found = new HashMap<>();
        for (Map.Entry<String, ObjectInfo> one : last.entrySet()) {
            @Nullable DayManifest same = before.get(one.getKey());
            found.put(
                    one.getKey(),
                    same != null && key(same).equals(one.getValue().key())
                            ? same
                            : read(one.getValue()));
        }
        if (found.isEmpty()) {
            known.remove(date);
        } else {
            known.put(date, found);
        }
        return found;
    }

    /// A cell and day where something was merged.
    public record Place(String cell, LocalDate date) {}

    /// All cells and days where something was merged.
    public Set<Place> places() throws IOException {
        Set<Place> places = new LinkedHashSet<>();
        for (ObjectInfo object : bucket.list(PREFIX)) {
            Matcher key = KEY.matcher(object.key());
            if (key.matches()) {
                places.add(
                        new Place(
                                PercentText.unescaped(key.group(2)),
                                LocalDate.parse(key.group(1))));
            }
        }
        return places;
    }

    /// The last version of one cell.
    public DayManifest load(String cell, LocalDate date) throws IOException {
        return load(date).getOrDefault(cell, DayManifest.empty(cell, date));
    }

    /// What is remembered of days before this one is forgotten.
    public void forgetBefore(LocalDate date) {
        known.keySet().removeIf(day -> day.isBefore(date));
    }

    private DayManifest read(ObjectInfo object) throws IOException {
        if (object.sizeBytes() > LARGEST_BYTES) {
            throw new IOException(
                    "manifest key=%s: must be smaller: sizeBytes=%d"
                            .formatted(object.key(), object.sizeBytes()));
        }
        try {
            DayManifest manifest =
                    ManifestText.decode(bucket.range(object.key(), 0, (int) object.sizeBytes()));
            if (!key(manifest).equals(object.key())) {
                throw new IllegalArgumentException("must be of its key: found=" + key(manifest));
            }
            return manifest;
        } catch (BucketException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new IOException("manifest key=" + object.key() + ": " + e.getMessage(), e);
        }
    }

    /// Makes a version the last one.
    ///
    /// @return false if another was made of the one before
    public boolean commit(DayManifest next) throws IOException {
        return bucket.putIfAbsent(key(next), ManifestText.encode(next)) == PutResult.CREATED;
    }

    /// Keys of versions that are no longer the last of their chain.
    public List<ObjectInfo> old(String cell, LocalDate date) throws IOException {
        List<ObjectInfo> versions = new ArrayList<>();
        for (ObjectInfo object :
                bucket.list(prefix(date) + "cell=" + PercentText.escaped(cell) + "/")) {
            if (KEY.matcher(object.key()).matches()) {
                versions.add(object);
            }
        }
        return versions.isEmpty() ? versions : versions.subList(0, versions.size() - 1);
    }
}

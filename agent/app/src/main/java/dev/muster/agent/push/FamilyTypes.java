package dev.muster.agent.push;

import dev.muster.model.sample.MetricType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which types the families of all groups have, by name. Confined to the store's lock.
final class FamilyTypes {
    private final Map<String, Map<MetricType, Integer>> counts = new HashMap<>();

    void add(PushGroup group) {
        group.families()
                .values()
                .forEach(family ->
                        counts.computeIfAbsent(family.name(), _ -> new EnumMap<>(MetricType.class))
                                .merge(family.type(), 1, Integer::sum));
    }

    void remove(PushGroup group) {
        for (HeldFamily family : group.families().values()) {
            @Nullable Map<MetricType, Integer> types = counts.get(family.name());
            if (types != null
                    && types.computeIfPresent(
                                    family.type(), (_, count) -> count == 1 ? null : count - 1)
                            == null
                    && types.isEmpty()) {
                counts.remove(family.name());
            }
        }
    }

    /// Why a group as it would be does not go together with the others, in words. It must not be
    /// counted here.
    Optional<String> conflict(PushGroup group) {
        for (HeldFamily family : group.families().values()) {
            Optional<MetricType> other = other(family.name(), family.type());
            if (other.isPresent()) {
                return Optional.of(
                        "metric family must have one type in all groups: name="
                                + family.name()
                                + ", type="
                                + family.type().text()
                                + ", elsewhere="
                                + other.get().text());
            }
            Optional<String> collision = collision(group, family);
            if (collision.isPresent()) {
                return collision;
            }
        }
        return Optional.empty();
    }

    private Optional<MetricType> other(String name, MetricType type) {
        return counts.getOrDefault(name, Map.of()).keySet().stream()
                .filter(one -> one != type)
                .findFirst();
    }

    /// Would series of two families have one name?
    private Optional<String> collision(PushGroup group, HeldFamily family) {
        for (String suffix : new String[] {"_count", "_sum", "_bucket"}) {
            if (hasPart(family.type(), suffix) && isThere(group, family.name() + suffix)) {
                return collides(family.name() + suffix, family.name());
            }
            if (family.name().endsWith(suffix)) {
                String whole = family.name().substring(0, family.name().length() - suffix.length());
                @Nullable MetricType own = group.typeOf(whole);
                boolean meets = own != null && hasPart(own, suffix);
                for (MetricType type : counts.getOrDefault(whole, Map.of()).keySet()) {
                    meets |= hasPart(type, suffix);
                }
                if (meets) {
                    return collides(family.name(), whole);
                }
            }
        }
        return Optional.empty();
    }

    private boolean isThere(PushGroup group, String name) {
        return group.typeOf(name) != null || counts.containsKey(name);
    }

    private static Optional<String> collides(String name, String whole) {
        return Optional.of(
                "metric family must not have the name of a part of another: name="
                        + name
                        + ", collides with the histogram or summary="
                        + whole);
    }

    private static boolean hasPart(MetricType type, String suffix) {
        return type == MetricType.HISTOGRAM
                || type == MetricType.GAUGE_HISTOGRAM
                || (type == MetricType.SUMMARY && !suffix.equals("_bucket"));
    }
}

package dev.muster.launcher.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/// Access to an S3 store. Passed on by environment only, and never printed.
public final class StoreKeys {
    /// No access, as a directory needs none.
    public static final StoreKeys NONE = new StoreKeys(Map.of());

    private final Map<String, String> environment;

    private StoreKeys(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /// Takes Muster's own variables, else the ones S3 tools share.
    public static StoreKeys from(Map<String, String> environment) {
        var keys = new LinkedHashMap<String, String>();
        take(environment, keys, "MUSTER_STORE_ACCESS_KEY", "AWS_ACCESS_KEY_ID");
        take(environment, keys, "MUSTER_STORE_SECRET_KEY", "AWS_SECRET_ACCESS_KEY");
        take(environment, keys, "MUSTER_STORE_REGION", "AWS_REGION");
        return new StoreKeys(keys);
    }

    private static void take(
            Map<String, String> from, Map<String, String> into, String ours, String shared) {
        var value = from.getOrDefault(ours, from.getOrDefault(shared, ""));
        if (!value.isEmpty()) {
            into.put(ours, value);
        }
    }

    boolean present() {
        return environment.containsKey("MUSTER_STORE_ACCESS_KEY")
                && environment.containsKey("MUSTER_STORE_SECRET_KEY");
    }

    Map<String, String> environment() {
        return environment;
    }

    @Override
    public String toString() {
        return present() ? "StoreKeys[present]" : "StoreKeys[none]";
    }
}

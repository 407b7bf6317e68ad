package dev.muster.launcher.plan;

import dev.muster.launcher.process.RefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// What a user may choose about the demo federation.
///
/// @param data directory of all state, absolute
/// @param store address of the object store; empty keeps blocks in a directory below `data`
/// @param s3Endpoint address of an S3 service other than the default one
/// @param keys access to it, if it needs one
/// @param alerting by what the query node alerts
/// @param agents how many agents, 1 to 32
/// @param portBase first port; the others follow it
/// @param window how much time goes into a block, 1 minute to 1 day
public record UpOptions(
        Path data,
        Optional<String> store,
        Optional<String> s3Endpoint,
        StoreKeys keys,
        AlertingFiles alerting,
        int agents,
        int portBase,
        Duration window) {
    private static final int MOST_AGENTS = 32;
    private static final int LAST_PORT = 65_535;

    public UpOptions {
        require(agents >= 1 && agents <= MOST_AGENTS, "--agents must be 1 to 32", agents);
        require(
                portBase >= 1024 && portBase + 4 * MOST_AGENTS <= LAST_PORT,
                "--port-base must be 1024 to " + (LAST_PORT - 4 * MOST_AGENTS),
                portBase);
        require(
                window.compareTo(Duration.ofMinutes(1)) >= 0
                        && window.compareTo(Duration.ofDays(1)) <= 0,
                "--window must be 1m to 1d",
                window.toString().substring(2).toLowerCase(Locale.ROOT));
        require(
                Duration.ofDays(1).toMillis() % window.toMillis() == 0,
                "--window must divide a day evenly",
                window.toString().substring(2).toLowerCase(Locale.ROOT));
        store.ifPresent(UpOptions::requireStore);
        require(
                store.filter(url -> url.startsWith("s3://")).isEmpty() || keys.present(),
                "--store s3://… must come with keys in the environment,"
                        + " MUSTER_STORE_ACCESS_KEY and MUSTER_STORE_SECRET_KEY"
                        + " (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
                "none");
        require(
                s3Endpoint.isEmpty() || store.filter(url -> url.startsWith("s3://")).isPresent(),
                "--s3-endpoint must come with --store s3://bucket/prefix",
                s3Endpoint.orElse(""));
    }

    /// The demo as it is without any option.
    public static UpOptions in(Path data) {
        return new UpOptions(
                data,
                Optional.empty(),
                Optional.empty(),
                StoreKeys.NONE,
                AlertingFiles.NONE,
                3,
                9640,
                Duration.ofMinutes(5));
    }

    private static void requireStore(String url) {
        require(
                url.startsWith("s3://") || url.startsWith("file:///"),
                "--store must be s3://bucket/prefix or file:///directory",
                url);
    }

    private static void require(boolean holds, String what, Object found) {
        if (!holds) {
            throw new RefusedException(what + ": found=" + found);
        }
    }
}

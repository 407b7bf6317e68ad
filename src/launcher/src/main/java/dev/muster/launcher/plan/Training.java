package dev.muster.launcher.plan;

import dev.muster.launcher.process.ChildSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/// How the query node's AOT cache is made (JEP 483, 514 and 515): a run of the demo federation in
/// which the query node notes what it loads and which of its methods are hot, then a process that
/// makes the cache of that.
///
/// @param installation programs to run
/// @param plan the federation, in a directory of its own
/// @param directory where notes lie until the cache is made
public record Training(Installation installation, DemoPlan plan, Path directory) {
    private static final String QUERY = "query";

    /// Parts of addresses that are asked in turn: the page, the fleet, and PromQL of recent
    /// samples.
    private static final List<String> QUESTIONS =
            List.of(
                    "/",
                    "/api/v1/fleet",
                    "/api/v1/query?query=up",
                    "/api/v1/query?query=sum%20by%20(mode)%20(rate(node_cpu_seconds_total%5B30s%5D))",
                    "/api/v1/query?query=histogram_quantile(0.9,%20sum%20by%20(le)%20"
                            + "(rate(demo_request_duration_seconds_bucket%5B1m%5D)))",
                    "/api/v1/series?match%5B%5D=up",
                    "/metrics");

    /// All processes in the order in which they are started.
    public List<ChildSpec> children() {
        return plan.children().stream().map(this::noting).toList();
    }

    private ChildSpec noting(ChildSpec child) {
        if (!child.name().equals(QUERY)) {
            return child;
        }
        List<String> command = new ArrayList<>(child.command());
        command.removeAll(installation.cacheFlags());
        command.addAll(1, List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + notes(), log()));
        return new ChildSpec(
                child.name(),
                command,
                child.environment(),
                child.marker(),
                child.log(),
                child.readyAt());
    }

    /// What the query node is asked, in turn.
    public URI question(int round) {
        return plan.queryUrl().resolve(QUESTIONS.get(round % QUESTIONS.size()));
    }

    /// Makes the cache of the notes; run after the query node has ended.
    public List<String> command() {
        return List.of(
                installation.java().toString(),
                "@" + installation.jvmFlags(QUERY),
                "-XX:AOTMode=create",
                "-XX:AOTConfiguration=" + notes(),
                "-XX:AOTCache=" + made(),
                log(),
                "-jar",
                installation.queryJar().toString());
    }

    /// When the query node was built: a cache is of one build only.
    public FileTime built() throws IOException {
        return Files.getLastModifiedTime(installation.queryJar());
    }

    /// Where the query node writes what it notes.
    public Path notes() {
        return directory.resolve("query.notes");
    }

    /// The cache before it is put in its place.
    public Path made() {
        return directory.resolve("query.aot");
    }

    /// The cache in its place.
    public Path cache() {
        return installation.queryCache();
    }

    private static String log() {
        return Installation.AOT_LOG;
    }
}

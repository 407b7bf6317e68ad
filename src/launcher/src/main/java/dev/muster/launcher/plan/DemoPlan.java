package dev.muster.launcher.plan;

import dev.muster.launcher.process.ChildSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The demo federation: N agents in one cell, a demo service and a query node, all on loopback. A
/// pure function of the options, but for [#prepare()].
public final class DemoPlan {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int QUERY_OFFSET = 10;
    private static final int DEMO_OFFSET = 20;

    private final Installation installation;
    private final UpOptions options;

    /// @param installation programs to run
    /// @param options what the user chose
    public DemoPlan(Installation installation, UpOptions options) {
        this.installation = installation;
        this.options = options;
    }

    /// Where pid files and the lock lie.
    public Path runDirectory() {
        return options.data().resolve("run");
    }

    /// Where each process writes its log.
    public Path logDirectory() {
        return options.data().resolve("logs");
    }

    /// The query node's address, at which the page is.
    public URI queryUrl() {
        return url(queryPort());
    }

    /// The demo service's address.
    public URI demoUrl() {
        return url(demoPort());
    }

    /// The agents' addresses by name.
    public Map<String, URI> agentUrls() {
        var urls = new LinkedHashMap<String, URI>();
        IntStream.range(0, options.agents())
                .forEach(index -> urls.put(agentName(index), url(httpPort(index))));
        return urls;
    }

    /// Every port that will be listened on, and by whom.
    public Map<Integer, String> ports() {
        var ports = new LinkedHashMap<Integer, String>();
        for (var index = 0; index < options.agents(); index++) {
            ports.put(httpPort(index), "agent " + agentName(index));
            ports.put(memberPort(index), "cell member of " + agentName(index));
        }
        ports.put(queryPort(), "query node");
        ports.put(demoPort(), "demo service");
        return ports;
    }

    /// Creates the directories and writes the agents' scrape files.
    public void prepare() throws IOException {
        Files.createDirectories(runDirectory());
        Files.createDirectories(logDirectory());
        if (options.store().isEmpty()) {
            Files.createDirectories(options.data().resolve("store"));
        }
        for (var index = 0; index < options.agents(); index++) {
            Files.createDirectories(directory(agentName(index)));
            Files.writeString(scrapeFile(index), ScrapeFile.text(jobs(index)));
        }
        Files.createDirectories(directory("query"));
    }

    /// All processes in the order in which they are started.
    public List<ChildSpec> children() {
        var children = new ArrayList<ChildSpec>();
        children.add(demo());
        for (var index = 0; index < options.agents(); index++) {
            children.add(agent(index));
        }
        children.add(query());
        return children;
    }

    private Map<String, String> jobs(int index) {
        var jobs = new LinkedHashMap<String, String>();
        jobs.put("muster-agent", LOOPBACK + ":" + httpPort(index));
        if (index == 0) {
            jobs.put("demo", LOOPBACK + ":" + demoPort());
            jobs.put("muster-query", LOOPBACK + ":" + queryPort());
        }
        return jobs;
    }

    private ChildSpec agent(int index) {
        var name = agentName(index);
        var settings = new LinkedHashMap<String, String>();
        settings.put("muster.agent.host", name);
        settings.put("muster.agent.cell", "demo");
        settings.put("muster.agent.data-dir", directory(name).toString());
        settings.put("muster.agent.advertised-url", url(httpPort(index)).toString());
        settings.put("muster.http.host", LOOPBACK);
        settings.put("muster.http.port", Integer.toString(httpPort(index)));
        settings.put("muster.scrape.config-file", scrapeFile(index).toString());
        settings.put("muster.head.window", seconds(options.window()));
        settings.put("muster.head.out-of-order-window", seconds(options.window().dividedBy(10)));
        settings.put("muster.upload.interval", "5s");
        settings.put("muster.upload.retain", seconds(options.window().dividedBy(5)));
        settings.put("muster.upload.retry-max", "10s");
        settings.put("muster.cell.address", LOOPBACK);
        settings.put("muster.cell.port", Integer.toString(memberPort(index)));
        settings.put("muster.cell.seeds", seeds());
        settings.putAll(store());
        return program(
                "agent", name, installation.agentJar(), List.of(), settings, httpPort(index));
    }

    private ChildSpec query() {
        var settings = new LinkedHashMap<String, String>();
        settings.put("muster.http.host", LOOPBACK);
        settings.put("muster.http.port", Integer.toString(queryPort()));
        settings.put(
                "muster.query.agents",
                agentUrls().values().stream().map(URI::toString).collect(Collectors.joining(",")));
        settings.put("muster.catalog.refresh-interval", "5s");
        AlertingFiles alerting = options.alerting();
        alerting.rules().ifPresent(files -> settings.put("muster.rules.files", absolute(files)));
        alerting.alertmanager()
                .map(file -> absolute(file.toString()))
                .ifPresent(file -> settings.put("muster.alertmanager.config-file", file));
        settings.put("muster.alertmanager.dir", directory("query").resolve("alerts").toString());
        // as soon as other tables, where a day is a multiple of it
        long windowMs = options.window().toMillis();
        if (windowMs >= 60_000 && Duration.ofDays(1).toMillis() % windowMs == 0) {
            settings.put("muster.alertmanager.history-window", seconds(options.window()));
        }
        settings.putAll(store());
        return program(
                "query",
                "query",
                installation.queryJar(),
                installation.cacheFlags(),
                settings,
                queryPort());
    }

    /// Patterns with commas between; children have another working directory than the user.
    private static String absolute(String patterns) {
        return Arrays.stream(patterns.split(",", -1))
                .map(pattern -> Path.of(pattern).toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(","));
    }

    private ChildSpec program(
            String program,
            String name,
            Path jar,
            List<String> more,
            Map<String, String> settings,
            int port) {
        var command = new ArrayList<String>();
        command.add(installation.java().toString());
        command.add(marker(name));
        command.add("@" + installation.jvmFlags(program));
        command.addAll(more);
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(jar.toString());
        return new ChildSpec(
                name,
                command,
                options.keys().environment(),
                marker(name),
                log(name),
                url(port).resolve("/-/ready"));
    }

    private ChildSpec demo() {
        var command =
                List.of(
                        installation.java().toString(),
                        marker("demo"),
                        "@" + installation.jvmFlags("demo"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.muster.launcher.Launcher",
                        "demo",
                        "--port",
                        Integer.toString(demoPort()));
        return new ChildSpec(
                "demo",
                command,
                Map.of(),
                marker("demo"),
                log("demo"),
                demoUrl().resolve("/-/ready"));
    }

    private Map<String, String> store() {
        var settings = new LinkedHashMap<String, String>();
        settings.put(
                "muster.store.url",
                options.store().orElseGet(() -> "file://" + options.data().resolve("store")));
        options.s3Endpoint().ifPresent(endpoint -> settings.put("muster.store.endpoint", endpoint));
        return settings;
    }

    private String seeds() {
        return IntStream.range(0, options.agents())
                .mapToObj(index -> LOOPBACK + ":" + memberPort(index))
                .collect(Collectors.joining(","));
    }

    private String marker(String name) {
        return "-Ddev.muster.child=" + name + "@" + options.data();
    }

    private Path directory(String name) {
        return options.data().resolve(name);
    }

    private Path scrapeFile(int index) {
        return directory(agentName(index)).resolve("scrape.yml");
    }

    private Path log(String name) {
        return logDirectory().resolve(name + ".log");
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + "s";
    }

    private static String agentName(int index) {
        return "a" + (index + 1);
    }

    private int httpPort(int index) {
        return options.portBase() + 2 * index;
    }

    private int memberPort(int index) {
        return httpPort(index) + 1;
    }

    private int queryPort() {
        return options.portBase() + Math.max(QUERY_OFFSET, 2 * options.agents());
    }

    private int demoPort() {
        return options.portBase() + Math.max(DEMO_OFFSET, 2 * options.agents() + 1);
    }

    private static URI url(int port) {
        return URI.create("http://" + LOOPBACK + ":" + port);
    }
}

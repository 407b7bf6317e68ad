package dev.muster.query;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// All settings of the query node. A key below `muster.` that is not one of these stops the start.
@ConfigMapping(prefix = "muster")
interface QueryConfig {
    Http http();

    Query query();

    Catalog catalog();

    Store store();

    Cache cache();

    Cluster cluster();

    Expected expected();

    Events events();

    RulesConfig rules();

    RulesConfig.Alerts alerts();

    AlertmanagerConfigKeys alertmanager();

    RulesConfig.Forward forward();

    UpnessAlertsConfig upnessAlerts();

    UpnessAlertsConfig.DeadMansSwitch deadMansSwitch();

    Tls tls();

    Retention retention();

    CompactionKeys compaction();

    /// `muster.http`: where the node answers.
    interface Http {
        /// Address to listen on; `0.0.0.0` for all.
        @WithDefault("127.0.0.1")
        String host();

        /// Port to listen on; 0 for any that is free.
        @WithDefault("9650")
        int port();

        /// Largest body of a request.
        @WithDefault("10M")
        MemorySize bodySizeLimit();

        /// Pages of which origins may call: a pattern on the whole origin.
        @WithDefault(".*")
        String corsOrigin();

        /// Whether series may be deleted by calls below `/api/v1/admin`.
        @WithDefault("false")
        boolean adminApi();

        /// Whether `POST /-/quit` ends the node.
        @WithDefault("false")
        boolean lifecycleApi();
    }

    /// `muster.tls`: certificates of the HTTP port, and of calls to agents and other query nodes.
    interface Tls {
        /// PEM file of the own certificate; with it the HTTP port speaks TLS. Read again when it
        /// changes.
        Optional<Path> certFile();

        /// PEM file of its private key.
        Optional<Path> keyFile();

        /// PEM file of the authorities that are trusted. Default: those of the JDK.
        Optional<Path> caFile();

        /// Whether callers must show a certificate: `none`, `request` or `required`.
        @WithDefault("none")
        String clientAuth();

        /// Name that certificates of agents and query nodes bear. Default: the host in their
        /// address.
        Optional<String> serverName();
    }

    /// `muster.events`: what is logged for checks.
    interface Events {
        /// File for JSON lines of what this node sees of the fleet; none if left out.
        Optional<String> log();
    }

    /// `muster.expected`: who should be there.
    interface Expected {
        /// Hosts that should be there.
        Optional<List<String>> hosts();

        /// A file with more: a line each, `host` or `host job instance`.
        Optional<String> file();

        /// The same by HTTP, or the nodes of a Kubernetes cluster as its API server lists them.
        Optional<String> url();

        /// Labels of the pods of agents, as the API server of this cluster takes them: the nodes
        /// that have one should be there.
        Optional<String> kubernetesSelector();

        /// Their namespace; that of this pod by default.
        Optional<String> kubernetesNamespace();

        /// File that remembers who was there; without it only the run does.
        Optional<String> store();

        /// What was missing for so long is forgotten, unless it is listed.
        @WithDefault("168h")
        Duration forgetAfter();
    }

    /// `muster.query`: what is asked, and what a query may take.
    interface Query {
        /// URLs of agents to start from; others are learned from them. One per cell is enough, two
        /// are better.
        Optional<List<String>> agents();

        /// Shared by all agents and query nodes of the fleet, where the directory needs it. Never
        /// shown.
        Optional<String> directorySecret();

        /// Longest time of a query, waiting included.
        @WithDefault("2m")
        Duration timeout();

        /// Most samples that a query may decode.
        @WithDefault("500000000")
        long maxSamples();

        /// Most series that a query may find.
        @WithDefault("1000000")
        long maxSeries();

        /// Most points of a series in the answer of a range query.
        @WithDefault("11000")
        int maxPoints();

        /// How long a sample stands for its series.
        @WithDefault("5m")
        Duration lookback();

        /// Most bytes that a query may fetch from agents and blocks.
        @WithDefault("4G")
        MemorySize maxFetchedBytes();

        /// Most memory that a query may hold in columns.
        @WithDefault("512M")
        MemorySize maxMemory();

        /// Memory for results of range queries, of steps that will not change any more; 0 for none.
        @WithDefault("32M")
        MemorySize resultCacheSize();

        /// Steps younger than this are always evaluated.
        @WithDefault("10m")
        Duration resultCacheFresh();

        /// Results are evaluated again after this time.
        @WithDefault("1h")
        Duration resultCacheTimeToLive();

        /// Most queries that read at one time.
        @WithDefault("20")
        int maxConcurrent();

        /// Most queries of each class that wait for their turn.
        @WithDefault("1000")
        int maxWaiting();

        /// Rules among the queries that read and wait.
        Share rules();

        /// Dashboards among the queries that read and wait.
        Share dashboards();

        /// All other queries among those that read and wait.
        Share adHoc();

        /// Most tracked memory of all queries together; half of the heap where it is not set.
        Optional<MemorySize> maxNodeMemory();

        /// Most characters of the text of a query.
        @WithDefault("262144")
        int maxQueryLength();

        /// Most matchers of all selectors of a query.
        @WithDefault("1000")
        int maxMatchers();

        /// Most steps of the program of a regular expression, about.
        @WithDefault("20000")
        int maxRegexSize();

        /// Most points of the answer of a query.
        @WithDefault("20000000")
        long maxResultPoints();

        /// Most parsed queries that are kept for the next time; 0 for none.
        @WithDefault("1000")
        int parsedQueries();

        /// Queries that took at least this long are written to the log; 0 for none.
        @WithDefault("10s")
        Duration slowThreshold();

        /// Where running queries are noted, so that after a crash the log says which these were; no
        /// such file where it is not set.
        Optional<String> activeFile();

        /// Most queries that the table of top queries remembers.
        @WithDefault("5000")
        int topQueries();

        /// How long the table of top queries remembers a query.
        @WithDefault("1h")
        Duration topWindow();

        /// Most deletions of series that may be in force.
        @WithDefault("1000")
        int maxTombstones();

        /// Longest time for the answer of an agent; then the answer goes without it.
        @WithDefault("10s")
        Duration agentTimeout();

        /// Most bytes of the answer of one agent to one query.
        @WithDefault("256M")
        MemorySize agentAnswerLimit();

        /// Most agents that are asked at one time, by all queries together.
        @WithDefault("256")
        int maxAgentRequests();

        /// Most memory that answers of agents take until they are read, of all queries together; a
        /// quarter of the heap where it is not set.
        Optional<MemorySize> agentAnswersMemory();

        /// Most bytes of files that answers of agents go to when they would take more than half of
        /// that memory.
        @WithDefault("8G")
        MemorySize agentAnswersDisk();

        /// Whether agents are asked for parts of queries rather than for samples.
        @WithDefault("true")
        boolean pushDown();

        /// Most parts of agents that answer none that are evaluated here at one time.
        @WithDefault("4")
        int maxPartFallbacks();

        /// Where these files are; the directory for temporary files where it is not set.
        Optional<String> spillDirectory();
    }

    /// What a class of queries may take.
    interface Share {
        /// Most queries of this class and those less urgent that read at one time. All places for
        /// rules, all but a fifth for dashboards, half for others where it is not set.
        OptionalInt maxConcurrent();

        /// Most queries of this class that wait; `muster.query.max-waiting` where it is not set.
        OptionalInt maxWaiting();

        /// Turns for one of a class of weight 1 while both wait; 16 for rules, 4 for dashboards, 1
        /// for others where it is not set.
        OptionalInt weight();
    }

    /// `muster.catalog`: which blocks are looked for.
    interface Catalog {
        /// How often new blocks are looked for.
        @WithDefault("15s")
        Duration refreshInterval();

        /// How far back blocks are looked for, in days.
        @WithDefault("31")
        @WithName("history-days")
        int historyDays();
    }

    /// `muster.cluster`: other query nodes that answer large queries together with this one. Off
    /// while there are no seeds.
    interface Cluster {
        /// Name of the cluster.
        @WithDefault("default")
        String name();

        /// Name of this node, unique in the cluster; its host's name and HTTP port by default.
        Optional<String> node();

        /// The one address that other nodes reach this one at, and that its member port is bound
        /// to.
        @WithDefault("127.0.0.1")
        String address();

        /// Member port, 1 to 65535.
        @WithDefault("9651")
        int port();

        /// `address:port` of nodes to look for; may name this one.
        Optional<List<String>> seeds();

        /// Known by all nodes of the cluster; at least 8 characters. Never shown.
        Optional<String> secret();

        /// URL that other nodes reach this one's HTTP port at; made of address and HTTP port by
        /// default.
        Optional<String> url();

        /// Blocks and agents that a query must have to read for others to be asked.
        @WithDefault("50")
        int minBlocks();

        /// Shares of other nodes' queries that are answered at one time.
        @WithDefault("20")
        int maxShares();

        /// Most bytes of another node's answer that are held.
        @WithDefault("64M")
        MemorySize answerLimit();
    }

    /// `muster.retention`: what is deleted from there. The same on all query nodes.
    interface Retention {
        /// How long blocks are kept; for ever where it is not set. At least a day.
        Optional<Duration> samples();

        /// How long the table `upness` is kept; for ever where it is not set. At least a day.
        Optional<Duration> upness();

        /// How long the table `alerts` is kept; for ever where it is not set. At least a day.
        Optional<Duration> alerts();

        /// From the mark that a day is to go until its files do. At least an hour.
        @WithDefault("24h")
        Duration grace();
    }

    /// `muster.store`: where blocks are.
    interface Store {
        /// `file:///directory`, `s3://bucket/prefix`, or `memory:` for none.
        @WithDefault("memory:")
        String url();

        /// For S3: URL of the service.
        Optional<String> endpoint();

        /// For S3: its region.
        Optional<String> region();

        /// For S3.
        Optional<String> accessKey();

        /// For S3. Never shown.
        Optional<String> secretKey();
    }

    /// `muster.cache`: what is kept of blocks.
    interface Cache {
        /// Where on a local disk what was fetched and the catalog are kept, over restarts too; not
        /// kept where it is not set. For this node alone.
        Optional<String> directory();

        /// Most bytes of the files there.
        @WithDefault("10G")
        MemorySize diskSize();

        /// Of how many of the newest blocks the series are read before a query asks for them; 0 for
        /// none.
        @WithDefault("2000")
        int prefetchBlocks();

        /// Memory for which series blocks have; 3/32 of the heap and at most 512 MB where it is not
        /// set.
        Optional<MemorySize> seriesSize();

        /// Memory for where pages are in blocks; 1/64 of the heap and at most 64 MB where it is not
        /// set.
        Optional<MemorySize> footersSize();

        /// Memory for pages as they were fetched; 1/16 of the heap and at most 256 MB where it is
        /// not set.
        Optional<MemorySize> pagesSize();

        /// Memory for decoded pages; 1/4 of the heap and at most 512 MB where it is not set.
        Optional<MemorySize> decodedSize();
    }
}

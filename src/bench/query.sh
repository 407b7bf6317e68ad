# Sourced after lib.sh: a query node and its peers on free ports, and the Java programs of src/bench/java.
query_jar="${BENCH_QUERY_JAR:-$root/src/target/quarkus-app/quarkus-run.jar}"
bench_classes="$scratch/classes"
bench_path="$bench_classes:$(dirname "$query_jar")/lib/main/*:$(dirname "$query_jar")/app/*"
[ -f "$query_jar" ] || { note "build first: ./mvnw package, or ./muster up once"; exit 2; }

compile_bench() {
    "$JAVA_HOME/bin/javac" -nowarn -Xlint:none -proc:none -d "$bench_classes" -cp "$bench_path" "$root"/src/bench/java/dev/muster/bench/*.java "$root"/src/bench/java/dev/muster/query/api/*.java 1>&2
}

bench_java() {
    "$JAVA_HOME/bin/java" -Xmx"${BENCH_HEAP:-1g}" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -Djdk.httpclient.keepalive.timeout=5 -cp "$bench_path" "$@" 2> >(grep -v SLF4J >&2 || true)
}

# A port of loopback that is free now.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { printf '%s\n' "$port"; return; }
    done
}

start_prometheus() { # program directory
    local port
    port=$(free_port)
    prometheus_url=http://127.0.0.1:$port
    printf 'global: {}\n' >"$scratch/prometheus.yml"
    run prometheus "$1" --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$2" --storage.tsdb.retention.time=100y \
        --query.max-samples=1000000000 --query.timeout=5m --web.listen-address="127.0.0.1:$port"
    prometheus_pid=$pid
    await_url "$prometheus_url/-/ready"
}

start_query() { # store-url
    local port
    port=$(free_port)
    query_url=http://127.0.0.1:$port
    # shellcheck disable=SC2086
    run query env MALLOC_ARENA_MAX=2 "$JAVA_HOME/bin/java" "@${BENCH_QUERY_FLAGS:-$root/src/launcher/jvm/query.flags}" ${BENCH_QUERY_JVM:-} \
        -Dmuster.http.port="$port" -Dmuster.store.url="$1" -Dmuster.catalog.history-days=400 ${BENCH_QUERY_SETTINGS:-} -jar "$query_jar"
    query_pid=$pid
    await_url "$query_url/-/ready"
}

start_victoria() { # program directory
    local port
    port=$(free_port)
    victoria_url=http://127.0.0.1:$port
    run victoria "$1" -storageDataPath="$2" -retentionPeriod=100y -httpListenAddr="127.0.0.1:$port" -search.latencyOffset=0s \
        -search.maxUniqueTimeseries=1000000 -search.maxQueryDuration=5m
    victoria_pid=$pid
    await_url "$victoria_url/health"
}

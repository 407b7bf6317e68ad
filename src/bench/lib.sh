# Sourced by the scripts beside it: peers from Debian packages, processes that end with the script, CPU and memory of a process.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=/dev/null
. "$root/.mvn/find-jdk.sh"
# where the product is built, if not here
build=${MUSTER_BENCH_BUILD:-$root}
unset MUSTER_BENCH_BUILD # agents take it for a key of theirs
agent_jar="$build/agent/app/target/quarkus-app/quarkus-run.jar"
launcher_jar="$build/src/launcher/target/muster-launcher-0.1.0-SNAPSHOT.jar"
peers="$root/.muster/bench/peers"
scratch=$(mktemp -d)
ticks=$(getconf CLK_TCK)
started=()

finish() {
    local pid
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${started[@]}"; do
        for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -9 "$pid" 2>/dev/null || true
    done
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM

note() { printf '%s\n' "$*" >&2; }

[ -f "$agent_jar" ] && [ -f "$launcher_jar" ] || { note "build first: ./mvnw package, or ./muster up once"; exit 2; }

# Finds a program that is installed, else unpacks its Debian package below .muster/bench/peers: nothing is installed, no service is
# started, no root is needed. Prints the path of program $2 of package $1, or fails with a message where there is no apt.
peer() {
    local package=$1 program=$2 found
    if found=$(command -v "$program"); then
        printf '%s\n' "$found"
        return 0
    fi
    found="$peers/$package/usr/bin/$program"
    if [ ! -x "$found" ]; then
        command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null \
            || { note "skipped: $package comes as a Debian package, and there is no apt-get here"; return 1; }
        mkdir -p "$peers"
        (cd "$peers" && rm -f "$package"_*.deb && apt-get download "$package" >/dev/null 2>&1 \
            && dpkg-deb -x "$package"_*.deb "$package" && rm -f "$package"_*.deb) \
            || { note "skipped: apt-get cannot fetch $package (apt-get update may be needed)"; return 1; }
    fi
    printf '%s\n' "$found"
}

# Starts a program in the background, its output in $scratch/NAME.log, its pid in $pid: run NAME command...
run() {
    local name=$1
    shift
    "$@" >"$scratch/$name.log" 2>&1 &
    pid=$!
    started+=("$pid")
}

# Ends one program of run() before the script ends.
end() {
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

await_url() {
    for _ in $(seq 240); do
        if curl -sf -o /dev/null --max-time 1 "$1"; then return 0; fi
        sleep 0.25
    done
    note "no answer from $1"
    tail -n 20 "$scratch"/*.log >&2
    exit 1
}

bench_targets() { # count series first-port
    run targets "$JAVA_HOME/bin/java" "@$root/src/launcher/jvm/launcher.flags" -Xmx256m -jar "$launcher_jar" \
        bench-targets --count "$1" --series "$2" --port "$3"
    await_url "http://127.0.0.1:$3/metrics"
}

# A scrape file for count targets from first-port on; a line of its own for each further "job address".
scrape_file() { # file count first-port [job address]...
    local file=$1 count=$2 port=$3 index
    shift 3
    {
        printf 'global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n'
        if [ "$count" -gt 0 ]; then
            printf '  - job_name: bench\n    static_configs:\n      - targets:\n'
            for index in $(seq 0 $((count - 1))); do printf '          - "127.0.0.1:%d"\n' $((port + index)); done
        fi
        while [ $# -gt 0 ]; do
            printf '  - job_name: %s\n    static_configs:\n      - targets: ["%s"]\n' "$1" "$2"
            shift 2
        done
    } >"$file"
}

# Starts an agent alone in its cell: agent NAME http-port scrape-file [key=value]...
agent() {
    local name=$1 port=$2 scrape=$3 setting settings=()
    shift 3
    mkdir -p "$scratch/$name/store"
    for setting in "muster.agent.host=$name" "muster.agent.data-dir=$scratch/$name/data" "muster.http.host=127.0.0.1" \
        "muster.http.port=$port" "muster.cell.address=127.0.0.1" "muster.cell.port=$((port + 1))" \
        "muster.cell.seeds=127.0.0.1:$((port + 1))" "muster.scrape.config-file=$scrape" \
        "muster.store.url=file://$scratch/$name/store" "$@"; do
        settings+=("-D$setting")
    done
    run "$name" "$JAVA_HOME/bin/java" "@$root/src/launcher/jvm/agent.flags" "${settings[@]}" -jar "$agent_jar"
    await_url "http://127.0.0.1:$port/-/ready"
}

# CPU seconds a process has used so far.
cpu() { awk -v ticks="$ticks" '{ sub(/.*\) /, ""); print ($12 + $13) / ticks }' "/proc/$1/stat"; }

# Resident memory of a process in MB, and its highest so far.
rss() { awk '/^VmRSS/ { printf "%.0f\n", $2 / 1024 }' "/proc/$1/status"; }
peak() { awk '/^VmHWM/ { printf "%.0f\n", $2 / 1024 }' "/proc/$1/status"; }

# The value of a metric without labels (or the sum over its labels) at an address.
metric() { curl -sf --max-time 5 "$1" | awk -v name="$2" '$1 == name || index($1, name "{") == 1 { sum += $NF } END { printf "%.0f\n", sum }'; }

# A number of the agent's own report.
agent_number() { curl -sf --max-time 5 "http://127.0.0.1:$1/api/v1/agent/status" | sed -n "s/.*\"$2\":\([0-9.eE+-]*\).*/\1/p"; }

calculate() { awk "BEGIN { printf \"$1\", $2 }"; }

# What the figures were taken on, for the line below a table.
machine() {
    printf '%s cores (%s), %s GB, Linux %s, JDK %s, load %s when it ended' "$(nproc)" \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(awk '/MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)" \
        "$(uname -r)" "$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release")" "$(cut -d' ' -f1 /proc/loadavg)"
}

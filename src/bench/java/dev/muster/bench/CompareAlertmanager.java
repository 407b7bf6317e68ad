package dev.muster.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Does the same to an Alertmanager and to a query node, at the same time, and compares what their
/// webhooks are told, when, and what their APIs answer. Behind `src/bench/compare-alertmanager`.
public final class CompareAlertmanager {
    private static final long APART_MS = 1_200;
    private static final String CONFIG =
            """
            route:
              receiver: all
              group_by: [alertname]
              group_wait: 1s
              group_interval: 3s
              repeat_interval: 7s
              routes:
              - receiver: quiet
                matchers: [team="quiet"]
              - receiver: each
                matchers: [team=~"each|both"]
                group_by: ['...']
                continue: true
              - receiver: both
                match: {team: both}
                group_by: [team]
                routes:
                - match_re: {area: north|south}
                  receiver: deep
              - receiver: muted
                matchers: [team="muted"]
                mute_time_intervals: [always]
              - receiver: all
                matchers: [team="once"]
                repeat_interval: 1h
            time_intervals:
            - name: always
              time_intervals: [{years: ['2000:2999']}]
            inhibit_rules:
            - source_matchers: [severity="critical"]
              target_matchers: [severity="warning"]
              equal: [cluster]
            receivers:
            - name: all
              webhook_configs: [{url: "SINK/all"}]
            - name: quiet
              webhook_configs: [{url: "SINK/quiet", send_resolved: false}]
            - name: each
              webhook_configs: [{url: "SINK/each", max_alerts: 1}]
            - name: both
              webhook_configs: [{url: "SINK/both"}]
            - name: deep
              webhook_configs: [{url: "SINK/deep-1"}, {url: "SINK/deep-2"}]
            - name: muted
              webhook_configs: [{url: "SINK/muted"}]
            """;

    private final AlertNode theirs;
    private final AlertNode ours;
    private final AlertSink theirSink;
    private final AlertSink ourSink;
    private Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private int same;
    private int intended;
    private int differ;
    private boolean warmed;

    private CompareAlertmanager(
            AlertNode theirs, AlertNode ours, AlertSink theirSink, AlertSink ourSink) {
        this.theirs = theirs;
        this.ours = ours;
        this.theirSink = theirSink;
        this.ourSink = ourSink;
    }

    /// @param arguments directory for files, command and URL of the Alertmanager, command and URL
    ///   of the query node; in commands `CONFIG` stands for the configuration file
    public static void main(String... arguments) throws Exception {
        Path work = Path.of(arguments[0]);
        int different;
        try (AlertSink theirSink = new AlertSink();
                AlertSink ourSink = new AlertSink();
                AlertNode theirs = node(work, "theirs", arguments[1], arguments[2], theirSink);
                AlertNode ours = node(work, "ours", arguments[3], arguments[4], ourSink)) {
            theirs.await(Duration.ofSeconds(60));
            ours.await(Duration.ofSeconds(120));
            CompareAlertmanager compare = new CompareAlertmanager(theirs, ours, theirSink, ourSink);
            compare.play();
            compare.notifications();
            compare.amtool(work);
            System.out.printf(
                    "%d same, %d intended, %d different%n",
                    compare.same, compare.intended, compare.differ);
            different = compare.differ;
        }
        System.exit(different == 0 ? 0 : 1);
    }

    private static AlertNode node(
            Path work, String name, String command, String base, AlertSink sink)
            throws IOException {
        Path config = work.resolve(name + ".yml");
        Files.writeString(config, CONFIG.replace("SINK", sink.url()));
        return new AlertNode(
                AlertNode.words(command.replace("CONFIG", config.toString())),
                work.resolve(name + ".log"),
                base);
    }

    /// A program that has just begun is slow, and what is repeated goes by when it was first told.
    private void warmUp() throws Exception {
        for (int i = 0; i < 5; i++) {
            alerts(alert("warm", 5, "alertname=Warm,team=each,i=" + i));
            pause(1_000);
        }
        gets("not counted");
        pause(8_000);
        same = 0;
        intended = 0;
        differ = 0;
        warmed = true;
        start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private void play() throws Exception {
        warmUp();
        alerts(alert("a1", 600, "alertname=A,n=1"), alert("a2", 600, "alertname=A,n=2"));
        alerts(alert("once", 600, "alertname=Once,team=once"));
        alerts(alert("q", 600, "alertname=Q,team=quiet,n=1"));
        alerts(alert("q2", 600, "alertname=Q,team=quiet,n=2"));
        alerts(alert("e", 600, "alertname=E,team=each"), alert("b", 600, "alertname=E,team=both"));
        alerts(alert("d", 600, "alertname=D,team=both,area=north"));
        alerts(alert("m", 600, "alertname=M,team=muted"));
        alerts(alert("w", 600, "alertname=W,severity=warning,cluster=x"));
        alerts(alert("c", 600, "alertname=C,severity=critical,cluster=x"));
        alerts(alert("s", 600, "alertname=S,silenced=yes"));
        String silence = silence("silenced=yes", 600);
        gets("begin");
        pause(2_500);
        alerts(alert("a3", 600, "alertname=A,n=3"));
        alerts(alert("q", 0, "alertname=Q,team=quiet,n=1"));
        pause(3_000);
        alerts(alert("a1", 0, "alertname=A,n=1"));
        alerts(alert("c", 0, "alertname=C,severity=critical,cluster=x"));
        alerts(alert("short", 2, "alertname=Short"));
        gets("middle");
        pause(3_000);
        alerts(alert("q2", 0, "alertname=Q,team=quiet,n=2"));
        expire(silence);
        pause(3_000);
        alerts(
                alert("e", 0, "alertname=E,team=each"),
                alert("d", 0, "alertname=D,team=both,area=north"));
        gets("end");
        refusals();
        pause(8_000);
    }

    private static void pause(long ms) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(ms);
    }

    /// An alert that ends so many seconds from now; 0 for one that has ended.
    private String alert(String name, int seconds, String labels) {
        Map<String, String> all = new TreeMap<>();
        for (String label : labels.split(",")) {
            all.put(
                    label.substring(0, label.indexOf('=')),
                    label.substring(label.indexOf('=') + 1));
        }
        Instant now = Instant.now();
        Instant ends = seconds == 0 ? now.minusMillis(10) : now.plusSeconds(seconds);
        StringBuilder text = new StringBuilder();
        all.forEach((key, value) ->
                text.append(text.isEmpty() ? "" : ",")
                        .append('"')
                        .append(key)
                        .append("\":\"")
                        .append(value)
                        .append('"'));
        return "{\"labels\":{"
                + text
                + "},\"annotations\":{\"summary\":\"of "
                + name
                + "\"},\"startsAt\":\""
                + start
                + "\",\"endsAt\":\""
                + ends.truncatedTo(ChronoUnit.MILLIS)
                + "\",\"generatorURL\":\"http://g/"
                + name
                + "\"}";
    }

    private void alerts(String... alerts) throws Exception {
        String body = "[" + String.join(",", alerts) + "]";
        AlertNode.Answer their = theirs.call("POST", "/api/v2/alerts", body);
        AlertNode.Answer our = ours.call("POST", "/api/v2/alerts", body);
        if (their.status() != our.status()) {
            say("POST alerts", String.valueOf(their), String.valueOf(our));
        }
    }

    private String silence(String matcher, int seconds) throws Exception {
        int equals = matcher.indexOf('=');
        String body =
                "{\"matchers\":[{\"name\":\""
                        + matcher.substring(0, equals)
                        + "\",\"value\":\""
                        + matcher.substring(equals + 1)
                        + "\",\"isRegex\":false}],\"startsAt\":\""
                        + Instant.now()
                        + "\",\"endsAt\":\""
                        + Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS)
                        + "\",\"createdBy\":\"me\",\"comment\":\"why\"}";
        AlertNode.Answer their = theirs.call("POST", "/api/v2/silences", body);
        AlertNode.Answer our = ours.call("POST", "/api/v2/silences", body);
        say("POST silence", String.valueOf(their.status()), String.valueOf(our.status()));
        return id(their.body()) + " " + id(our.body());
    }

    private static String id(String body) {
        return String.valueOf(((Map<?, ?>) Json.read(body)).get("silenceID"));
    }

    private void expire(String ids) throws Exception {
        String[] both = ids.split(" ");
        int their = theirs.call("DELETE", "/api/v2/silence/" + both[0], "").status();
        int our = ours.call("DELETE", "/api/v2/silence/" + both[1], "").status();
        say("DELETE silence", String.valueOf(their), String.valueOf(our));
        their = theirs.call("DELETE", "/api/v2/silence/" + both[0], "").status();
        our = ours.call("DELETE", "/api/v2/silence/" + both[1], "").status();
        say("DELETE silence again", String.valueOf(their), String.valueOf(our));
    }

    private void gets(String when) throws Exception {
        keys();
        for (String path :
                List.of(
                        "receivers",
                        "alerts",
                        "alerts?active=false",
                        "alerts?silenced=false&inhibited=false",
                        "alerts?receiver=dee.",
                        "alerts?filter=alertname%3D~%22A%7CS%22&filter=n%21%3D2",
                        "alerts?filter=nonsense",
                        "alerts?receiver=%28",
                        "alerts?active=maybe",
                        "alerts/groups",
                        "alerts/groups?receiver=both",
                        "alerts/groups?filter=team%3Dboth&silenced=false",
                        "silences",
                        "silences?filter=silenced%3Dyes",
                        "silences?filter=other%3Dyes",
                        "silence/none",
                        "silence/00000000-0000-0000-0000-000000000000")) {
            compare("GET", path, "", when);
        }
    }

    /// What `status` tells of: its values must differ.
    private void keys() throws Exception {
        say(
                "keys of GET status",
                String.valueOf(shape(Json.read(theirs.call("GET", "/api/v2/status", "").body()))),
                String.valueOf(shape(Json.read(ours.call("GET", "/api/v2/status", "").body()))));
    }

    private static Object shape(Object json) {
        if (json instanceof Map<?, ?> map) {
            Map<String, Object> shape = new TreeMap<>();
            map.forEach((key, value) -> shape.put(String.valueOf(key), shape(value)));
            return shape;
        }
        return json instanceof List<?> ? "list" : "value";
    }

    /// The same words to `amtool`, where it is installed.
    private void amtool(Path work) throws Exception {
        try {
            var _ = new ProcessBuilder("amtool", "--version").start().waitFor();
        } catch (IOException e) {
            System.out.println("amtool is not installed: left out");
            return;
        }
        List<String> their = AmtoolRuns.of(work, theirs.base());
        List<String> our = AmtoolRuns.of(work, ours.base());
        for (int i = 0; i < their.size(); i++) {
            String one = their.get(i);
            String other = our.get(i);
            boolean inOtherWords =
                    one.contains(": 1 ")
                            && other.startsWith(one.substring(0, one.indexOf(": 1 ") + 4));
            if (!one.equals(other) && inOtherWords) {
                intended++;
                System.out.println("intended  amtool " + other.replace("\n", " | "));
            } else {
                say("amtool", one, other);
            }
        }
    }

    private void refusals() throws Exception {
        String silence = "{\"matchers\":[{\"name\":\"a\",\"value\":\"b\",\"isRegex\":false}]";
        String times = ",\"startsAt\":\"2001-01-01T00:00:00Z\",\"endsAt\":\"2001-01-02T00:00:00Z\"";
        compare("POST", "alerts", "{", "refused");
        compare("POST", "alerts", "{}", "refused");
        compare("POST", "alerts", "[]", "empty");
        compare("POST", "alerts", "[{}]", "refused");
        compare("POST", "alerts", "[{\"labels\":{}}]", "refused");
        compare("POST", "alerts", "[{\"labels\":{\"a\":\"b\"},\"endsAt\":\"x\"}]", "refused");
        compare("POST", "silences", "{", "refused");
        compare("POST", "silences", "{}", "refused");
        compare("POST", "silences", silence + "}", "refused");
        compare(
                "POST",
                "silences",
                silence + times + ",\"createdBy\":\"m\",\"comment\":\"c\"}",
                "in the past");
        compare(
                "POST",
                "silences",
                silence
                        + times.replace("2001-01-02", "2999-01-02")
                        + ",\"createdBy\":\"m\",\"comment\":\"c\",\"id\":\"none\"}",
                "of no id");
        compare(
                "POST",
                "silences",
                silence.replace("\"b\"", "\"\"")
                        + times.replace("2001-01-02", "2999-01-02")
                        + ",\"createdBy\":\"m\",\"comment\":\"c\"}",
                "that matches all");
        compare("DELETE", "silence/none", "", "of no id");
        compare("DELETE", "silence/00000000-0000-0000-0000-000000000000", "", "of no id");
        compare("GET", "nothing", "", "of no path");
    }

    private void compare(String method, String path, String body, String when) throws Exception {
        AlertNode.Answer their = theirs.call(method, "/api/v2/" + path, body);
        AlertNode.Answer our = ours.call(method, "/api/v2/" + path, body);
        String what = method + " " + path + " (" + when + ")";
        if (their.status() == our.status() && their.status() >= 400) {
            String one = their.body().strip();
            String other = our.body().strip();
            if (one.equals(other)) {
                say(what, one, other);
            } else {
                intended++;
                if (warmed)
                    System.out.println(
                            "intended  "
                                    + what
                                    + ": "
                                    + their.status()
                                    + " in other words: "
                                    + other);
            }
            return;
        }
        if (method.equals("DELETE") && their.status() == 500 && our.status() == 404) {
            intended++;
            System.out.println("intended  " + what + ": 404 as since 0.27, not 500");
            return;
        }
        say(
                what,
                their.status() + " " + plain(their.body()),
                our.status() + " " + plain(our.body()));
    }

    private static String plain(String body) {
        return body.isBlank() ? "" : String.valueOf(masked(Json.read(body), ""));
    }

    /// Without what must differ: times of the call, made-up names, and `mutedBy`, which is younger
    /// than Debian's.
    private static Object masked(Object json, String key) {
        return switch (json) {
            case Map<?, ?> map -> {
                Map<String, Object> plain = new TreeMap<>();
                map.forEach((name, value) -> {
                    boolean silence = map.containsKey("createdBy");
                    boolean masked =
                            List.of("updatedAt", "id", "silencedBy", "externalURL").contains(name)
                                    || (silence && List.of("startsAt", "endsAt").contains(name));
                    if (!"mutedBy".equals(name)) {
                        plain.put(
                                String.valueOf(name),
                                masked ? "*" : masked(value, String.valueOf(name)));
                    }
                });
                yield plain;
            }
            case List<?> list -> {
                List<String> plain = new ArrayList<>();
                list.forEach(item -> plain.add(String.valueOf(masked(item, key))));
                plain.sort(null);
                yield plain;
            }
            default -> json;
        };
    }

    private void say(String what, String their, String our) {
        if (Objects.equals(their, our)) {
            same++;
        } else {
            differ++;
            if (warmed)
                System.out.println(
                        "different " + what + "\n  theirs " + their + "\n  ours   " + our);
        }
    }

    private void notifications() {
        Map<String, List<AlertSink.Told>> their = byGroup(theirSink);
        Map<String, List<AlertSink.Told>> our = byGroup(ourSink);
        for (String group : their.keySet()) {
            List<AlertSink.Told> one = their.get(group);
            List<AlertSink.Told> other = our.getOrDefault(group, List.of());
            say("number of notifications " + group, texts(one), texts(other));
            for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
                say(
                        "notification " + (i + 1) + " " + group,
                        plain(one.get(i).body()),
                        plain(other.get(i).body()));
                long apartMs = Math.abs(one.get(i).atMs() - other.get(i).atMs());
                if (apartMs > APART_MS) {
                    say(
                            "time of notification " + (i + 1) + " " + group,
                            "0",
                            apartMs + " ms apart");
                } else {
                    same++;
                }
            }
        }
        our.forEach((group, told) -> {
            if (!their.containsKey(group)) {
                say("notifications " + group, "none", texts(told));
            }
        });
    }

    private static Map<String, List<AlertSink.Told>> byGroup(AlertSink sink) {
        Map<String, List<AlertSink.Told>> groups = new TreeMap<>();
        for (AlertSink.Told told : sink.told()) {
            if (told.body().contains("\"alertname\":\"Warm\"")) {
                continue;
            }
            Map<?, ?> body = (Map<?, ?>) Json.read(told.body());
            groups.computeIfAbsent(
                            told.path() + " " + body.get("groupKey"), key -> new ArrayList<>())
                    .add(told);
        }
        return groups;
    }

    /// Each notification as what it says of which summary.
    private static String texts(List<AlertSink.Told> all) {
        List<String> texts = new ArrayList<>();
        for (AlertSink.Told told : all) {
            List<String> alerts = new ArrayList<>();
            for (Object alert : (List<?>) ((Map<?, ?>) Json.read(told.body())).get("alerts")) {
                Map<?, ?> map = (Map<?, ?>) alert;
                alerts.add(
                        map.get("status")
                                + " "
                                + ((Map<?, ?>) map.get("annotations")).get("summary"));
            }
            texts.add(alerts.toString());
        }
        return texts.toString();
    }
}

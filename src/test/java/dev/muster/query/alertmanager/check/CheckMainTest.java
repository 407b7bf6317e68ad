package dev.muster.query.alertmanager.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.query.receivers.Receivers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verdicts of `./muster check alertmanager` are those of Debian's `amtool check-config`.
class CheckMainTest {
    private static final Path AMTOOL = Path.of("/usr/bin/amtool");
    private static final String HEAD = "receivers: [{name: a}, {name: b}]\n";

    private static final List<String> FILES =
            List.of(
                    "",
                    "route: {receiver: a}\n",
                    HEAD,
                    HEAD + "route: {receiver: a}\n",
                    HEAD + "route: {receiver: c}\n",
                    HEAD + "route: {receiver: a, group_by: [x, y], group_wait: 5s}\n",
                    HEAD + "route: {receiver: a, group_by: ['...']}\n",
                    HEAD + "route: {receiver: a, group_by: ['...', x]}\n",
                    HEAD + "route: {receiver: a, group_by: [x, x]}\n",
                    HEAD + "route: {receiver: a, group_interval: 0s}\n",
                    HEAD + "route: {receiver: a, group_wait: 0s}\n",
                    HEAD + "route: {receiver: a, repeat_interval: 1.5h}\n",
                    HEAD + "route: {receiver: a, repeat_interval: 1h30m}\n",
                    HEAD + "route: {receiver: a, continue: true}\n",
                    HEAD + "route: {receiver: a, match: {x: y}}\n",
                    HEAD + "route: {receiver: a, routes: [{match: {x: y}, receiver: b}]}\n",
                    HEAD + "route: {receiver: a, routes: [{match: {'x-y': y}}]}\n",
                    HEAD + "route: {receiver: a, routes: [{match_re: {x: '(('}}]}\n",
                    HEAD + "route: {receiver: a, routes: [{matchers: ['x=~\"a|b\"', 'y!=c']}]}\n",
                    HEAD + "route: {receiver: a, routes: [{matchers: ['x']}]}\n",
                    HEAD + "route: {receiver: a, routes: [{matchers: ['{x=y,z=~\"q.*\"}']}]}\n",
                    HEAD + "route: {receiver: a, routes: [{nope: 1}]}\n",
                    HEAD + "route: {receiver: a, routes: [{mute_time_intervals: [t]}]}\n",
                    HEAD
                            + "route: {receiver: a, routes: [{mute_time_intervals: [t]}]}\n"
                            + "time_intervals: [{name: t, time_intervals: [{weekdays:"
                            + " ['monday:friday'], location: Europe/Berlin}]}]\n",
                    HEAD
                            + "route: {receiver: a}\n"
                            + "time_intervals: [{name: t, time_intervals: [{months: ['3:1']}]}]\n",
                    HEAD
                            + "route: {receiver: a}\n"
                            + "mute_time_intervals: [{name: t, time_intervals: []}]\n"
                            + "time_intervals: [{name: t, time_intervals: []}]\n",
                    HEAD
                            + "route: {receiver: a}\n"
                            + "inhibit_rules: [{source_match: {a: b}, target_match_re: {c: d.*},"
                            + " equal: [e]}]\n",
                    HEAD + "route: {receiver: a}\ninhibit_rules: [{equal: ['']}]\n",
                    HEAD + "route: {receiver: a}\ninhibit_rules: [{source: {a: b}}]\n",
                    HEAD + "route: {receiver: a}\nglobal: {resolve_timeout: 5m}\n",
                    HEAD + "route: {receiver: a}\nglobal: {resolve_timeou: 5m}\n",
                    HEAD + "route: {receiver: a}\nnope: 1\n",
                    HEAD + "route: {receiver: a}\nroute: {receiver: a}\n",
                    "route: {receiver: a}\nreceivers: [{name: a}, {name: a}]\n",
                    "route: {receiver: a}\nreceivers: [{}]\n",
                    "route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url:"
                            + " 'http://x/y'}]}]\n",
                    "route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{}]}]\n",
                    "route: {receiver: a}\nreceivers: [{name: a, email_configs: [{to: x@y}]}]\n",
                    "global: {smtp_smarthost: 'h:25', smtp_from: a@b}\n"
                            + "route: {receiver: a}\n"
                            + "receivers: [{name: a, email_configs: [{to: x@y}]}]\n",
                    "route: {receiver: a}\nreceivers: [{name: a, slack_configs: [{}]}]\n",
                    "route: {receiver: a}\nreceivers: [{name: a, pagerduty_configs: [{}]}]\n",
                    "route: {receiver: a}\n"
                            + "receivers: [{name: a, pagerduty_configs: [{routing_key: k}]}]\n",
                    "route: {receiver: a}\nreceivers: [{name: a, nope_configs: [{}]}]\n");

    @TempDir private Path directory;

    @Test
    void verdictsAreThoseOfAmtool() throws Exception {
        Assumptions.assumeTrue(Files.exists(AMTOOL), "amtool is not installed");
        Vertx vertx = Vertx.vertx();
        Receivers parser = new Receivers(vertx, new SimpleMeterRegistry(), Clock.systemUTC());
        StringBuilder differ = new StringBuilder();
        for (int i = 0; i < FILES.size(); i++) {
            Path file = Files.writeString(directory.resolve(i + ".yml"), FILES.get(i));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int ours;
            try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
                ours = CheckMain.run(out, List.of(file.toString()), parser);
            }
            Process amtool =
                    new ProcessBuilder(AMTOOL.toString(), "check-config", file.toString())
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(amtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if ((amtool.waitFor() == 0) != (ours == 0)) {
                differ.append(FILES.get(i))
                        .append("amtool: ")
                        .append(said)
                        .append("ours: ")
                        .append(bytes.toString(StandardCharsets.UTF_8));
            }
        }
        var _ = vertx.close();
        assertThat(differ.toString()).isEmpty();
    }
}

package dev.muster.agent.services.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListenerPolicyTest {
    private static PolicyRule rule(PolicyRule.Field field, String pattern) {
        return new PolicyRule(Map.of(field, pattern), Optional.empty());
    }

    private static Listener listener(int port, String unit, String user) {
        ProcessIdentity process =
                new ProcessIdentity(
                        9, "api", "/usr/bin/api", "api", user, new Cgroup("/x", unit, "", ""));
        return new Listener(
                process, new ListeningSocket("0.0.0.0", port, 1), "", List.of("127.0.0.1"), "");
    }

    private static String verdict(ListenerPolicy policy, Listener listener) {
        ListenerPolicy.Verdict verdict = policy.judge().judge(listener);
        return (verdict.allowed() ? "yes " : "no ") + verdict.rule();
    }

    @Test
    void refusesFirst() {
        ListenerPolicy policy =
                new ListenerPolicy(
                        List.of(
                                rule(PolicyRule.Field.UNIT, "api-.*"),
                                new PolicyRule(
                                        Map.of(PolicyRule.Field.USER, "web"),
                                        Ports.parse("80,8000-8999"))),
                        List.of(rule(PolicyRule.Field.USER, "root")),
                        Ports.UNPRIVILEGED);
        assertThat(verdict(policy, listener(8080, "api-1.service", "web")))
                .isEqualTo("yes allow[0] unit=api-.*");
        assertThat(verdict(policy, listener(8080, "other.service", "web")))
                .isEqualTo("yes allow[1] user=web port=80,8000-8999");
        assertThat(verdict(policy, listener(9090, "other.service", "web")))
                .isEqualTo("no allow: none of 2 rules matches");
        assertThat(verdict(policy, listener(8080, "api-1.service", "root")))
                .isEqualTo("no deny[0] user=root");
        assertThat(verdict(policy, listener(80, "api-1.service", "web")))
                .isEqualTo("no ports=1024-65535");
    }

    @Test
    void wantsRulesThatNameSomething() {
        assertThatThrownBy(() -> new PolicyRule(Map.of(), Optional.empty()))
                .hasMessageStartingWith("rule must name what it matches");
        assertThatThrownBy(() -> rule(PolicyRule.Field.UNIT, "(?=x)"))
                .hasMessageStartingWith("unit must be RE2 syntax: found=(?=x)");
        assertThat(Ports.parse("80-")).isEmpty();
        assertThat(Ports.parse("0")).isEmpty();
        assertThat(Ports.parse("9-8")).isEmpty();
        assertThat(Ports.parse("")).isEmpty();
    }
}

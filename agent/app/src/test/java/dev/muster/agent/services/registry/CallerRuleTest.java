package dev.muster.agent.services.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallerRuleTest {
    private static final CallerRule PLAIN = new CallerRule(true, Optional.empty());

    private static CallerRule.Caller local(String host) {
        return new CallerRule.Caller(false, host, "", "", "");
    }

    @Test
    void takesProgramsOfThisHost() {
        assertThat(PLAIN.refusal(local("localhost:9640"))).isEmpty();
        assertThat(PLAIN.refusal(local("127.0.0.1"))).isEmpty();
        assertThat(PLAIN.refusal(local("[::1]:9640"))).isEmpty();
        assertThat(PLAIN.refusal(new CallerRule.Caller(true, "localhost", "", "", "")))
                .isEqualTo("services must register from this host");
    }

    @Test
    void refusesBrowsers() {
        assertThat(PLAIN.refusal(local("evil.example:9640")))
                .isEqualTo("Host must be localhost or a loopback address: found=evil.example:9640");
        assertThat(PLAIN.refusal(local(""))).startsWith("Host must be");
        assertThat(PLAIN.refusal(local("localhost@evil.example"))).startsWith("Host must be");
        assertThat(PLAIN.refusal(local("127.0.0.1.evil.example"))).startsWith("Host must be");
        assertThat(
                        PLAIN.refusal(
                                new CallerRule.Caller(
                                        false, "localhost", "http://localhost", "", "")))
                .startsWith("services must not register from a browser");
        assertThat(PLAIN.refusal(new CallerRule.Caller(false, "localhost", "", "cross-site", "")))
                .startsWith("services must not register from a browser");
    }

    @Test
    void wantsATokenWhereAnybodyCanConnect() {
        assertThat(new CallerRule(false, Optional.empty()).refusal(local("localhost")))
                .startsWith("muster.services.token must be set");
        CallerRule guarded = new CallerRule(false, Optional.of("psst"));
        assertThat(guarded.refusal(local("localhost"))).startsWith("a token must be shown");
        assertThat(guarded.refusal(new CallerRule.Caller(true, "h", "", "", "wrong")))
                .startsWith("a token must be shown");
        assertThat(guarded.refusal(new CallerRule.Caller(true, "h", "", "", "psst"))).isEmpty();
        assertThat(guarded.toString()).doesNotContain("psst");
    }
}

package dev.muster.federation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.check.LoggedEvent.Change;
import dev.muster.federation.check.LoggedEvent.Fault;
import dev.muster.federation.check.LoggedEvent.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTextTest {
    @Test
    void readsAChange() {
        assertThat(
                        EventLogText.read(
                                "{\"event\":\"change\",\"node\":\"c1/h1\",\"cell\":\"c1\",\"host\":\"h2\",\"job\":\"a"
                                    + " \\\"b\\\"\",\"instance\":\"x:1\",\"atMs\":5,"
                                    + "\"decidedMs\":7,\"from\":\"up\",\"to\":\"down\","
                                    + "\"cause\":\"service_down\",\"provenance\":\"own\","
                                    + "\"witnesses\":[\"h1\",\"h3\"],\"version\":1,\"more\":true}"))
                .contains(
                        new Change(
                                "c1/h1",
                                "c1",
                                "h2",
                                "a \"b\"",
                                "x:1",
                                5,
                                7,
                                "up",
                                "down",
                                "service_down",
                                "own",
                                List.of("h1", "h3"),
                                1));
    }

    @Test
    void readsAFaultWithoutAnEnd() {
        assertThat(
                        EventLogText.read(
                                "{\"event\": \"fault\", \"kind\": \"host_dead\", \"cell\": \"c1\","
                                        + " \"host\": \"h2\", \"fromMs\": 9}"))
                .contains(
                        new Fault(
                                Kind.HOST_DEAD,
                                LoggedEvent.Target.host("c1", "h2"),
                                9,
                                Long.MAX_VALUE));
    }

    @Test
    void passesOverKindsItDoesNotKnow() {
        assertThat(EventLogText.read("{\"event\":\"weather\"}")).isEmpty();
    }

    @Test
    void refusesWhatIsNoLine() {
        assertThatThrownBy(() -> EventLogText.read("{\"event\":\"alive\",\"node\":\"a\",\"at"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event log line: must have");
    }
}

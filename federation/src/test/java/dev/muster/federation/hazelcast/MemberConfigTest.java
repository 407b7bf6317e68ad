package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class MemberConfigTest {
    private static final CellConfig CELL =
            CellConfig.of(
                    "c1",
                    "a",
                    "http://a",
                    "127.0.0.1",
                    9641,
                    List.of("127.0.0.1:9643"),
                    Path.of("unused"));

    private final Config config = MemberConfig.of(CELL.member(), new AddressBook(9641, List.of()));

    record Foreign(String text) implements Serializable {}

    @Test
    void opensThePortForMembersOnly() {
        assertThat(config.getAdvancedNetworkConfig().isEnabled()).isTrue();
        assertThat(config.getAdvancedNetworkConfig().getEndpointConfigs().keySet())
                .extracting(Object::toString)
                .singleElement()
                .asString()
                .contains("MEMBER");
        assertThat(config.getClusterName()).isEqualTo("muster-c1-hz57");
        assertThat(config.getJetConfig().isEnabled()).isFalse();
        assertThat(config.getMetricsConfig().isEnabled()).isFalse();
    }

    @Test
    void readsHazelcastsOwnExceptions() {
        InternalSerializationService service = serialization();
        var sent =
                new RetryableHazelcastException(
                        "again", new ExecutionException(new IllegalStateException("no")));
        sent.addSuppressed(new RuntimeException("beside"));
        RetryableHazelcastException read = service.toObject(service.toData(sent));
        assertThat(read).hasMessage("again").hasRootCauseMessage("no");
    }

    @Test
    void doesNotMakeObjectsThatOthersSend() {
        InternalSerializationService service = serialization();
        var sent = service.toData(new Foreign("x"));
        assertThatThrownBy(() -> service.toObject(sent))
                .isInstanceOf(HazelcastSerializationException.class)
                .hasMessageContaining("is not allowed");
    }

    @Test
    void doesNotShowTheSecret() {
        assertThat(CELL.withSecret("hush hush").toString())
                .contains("secret=given")
                .doesNotContain("hush");
        assertThatThrownBy(() -> new CellHandshake("short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cell secret must be at least 8 characters: length=5");
    }

    private InternalSerializationService serialization() {
        return new DefaultSerializationServiceBuilder()
                .setConfig(config.getSerializationConfig())
                .build();
    }
}

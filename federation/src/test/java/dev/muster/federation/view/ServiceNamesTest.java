package dev.muster.federation.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.detect.Seeds;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceNamesTest {
    static LongStream seeds() {
        return Seeds.few();
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void readsWhatItWroteAndNothingElse(long seed) throws FrameException {
        var random = new Random(seed);
        ServiceNames before = ServiceNames.NONE;
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            ServiceNames names = ServiceNames.of(services(random));
            byte[] bytes = written(names);
            assertThat(ServiceNames.read(new FrameReader(bytes), before)).isEqualTo(names);
            byte[] forged = forged(bytes, random);
            try {
                var in = new FrameReader(forged);
                ServiceNames found = ServiceNames.read(in, before);
                in.end();
                // in the form that is written, and with the hash of that
                ServiceNames again = ServiceNames.of(states(found.list()));
                assertThat(again).isEqualTo(found);
                assertThat(again.hash()).isEqualTo(found.hash());
                assertThat(written(again)).isEqualTo(forged);
                read++;
            } catch (FrameException _) {
                // most are damaged
            }
            before = names;
        }
        assertThat(read).isPositive();
    }

    @Test
    void refusesNamesThatAreNotInTheirShortestForm() {
        // jobs: their number among those of the services, each; instances: job, shared, rest
        assertRefused(new FrameWriter(1).varint(1).varint(2), "number must be 0 to 1");
        assertRefused(
                jobs(new FrameWriter(1).varint(2), "a", "a"), "names must be in their shortest");
        assertRefused(
                instance(jobs(new FrameWriter(1).varint(2), "a", "b"), 1, 0, "x"),
                "names must be in their shortest");
        assertRefused(
                instance(
                        instance(jobs(new FrameWriter(1).varint(2), "a", "b"), 0, 0, "x"),
                        0,
                        0,
                        "y"),
                "names must be in their shortest");
        assertRefused(
                instance(instance(jobs(new FrameWriter(1).varint(2), "a"), 0, 0, "xy"), 0, 0, "xz"),
                "names must be in their shortest");
        assertRefused(
                instance(jobs(new FrameWriter(1).varint(1), "a"), 0, 0, "x".repeat(513)),
                "name must be at most 512 characters");
        assertRefused(
                new FrameWriter(1)
                        .varint(1)
                        .varint(1)
                        .varint(1)
                        .bytes(new byte[] {(byte) 0xC3})
                        .varint(0)
                        .varint(0)
                        .varint(0),
                "name must be UTF-8");
    }

    private static FrameWriter jobs(FrameWriter out, String... jobs) {
        out.varint(jobs.length);
        for (String job : jobs) {
            out.varint(job.length()).bytes(job.getBytes(StandardCharsets.UTF_8));
        }
        return out;
    }

    private static FrameWriter instance(FrameWriter out, int job, int shared, String rest) {
        byte[] utf8 = rest.getBytes(StandardCharsets.UTF_8);
        return out.varint(job).varint(shared).varint(utf8.length).bytes(utf8);
    }

    private static void assertRefused(FrameWriter out, String why) {
        byte[] frame = out.finish();
        assertThatThrownBy(() -> ServiceNames.read(new FrameReader(frame)))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining(why);
    }

    private static byte[] written(ServiceNames names) {
        var out = new FrameWriter(1);
        names.write(out);
        return out.finish();
    }

    /// Few letters, so that names share much; some of more than one byte, some twice.
    private static List<ServiceState> services(Random random) {
        List<ServiceNames.Name> names = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            names.add(new ServiceNames.Name(text(random), text(random)));
        }
        return states(names);
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(new String[] {"a", "b", "é", "è", "\uFFFD", "😀"}[random.nextInt(6)]);
        }
        return text.toString();
    }

    private static List<ServiceState> states(List<ServiceNames.Name> names) {
        return names.stream()
                .map(name ->
                        new ServiceState(
                                name.job(), name.instance(), Health.UP, Provenance.OWN, "", 0))
                .toList();
    }

    /// Some bytes are others, or gone, and the checksum is right.
    private static byte[] forged(byte[] frame, Random random) {
        var out = new FrameWriter(1);
        for (int i = 4; i < frame.length - 4; i++) {
            int at = random.nextInt(12);
            if (at == 0) {
                out.u8(random.nextInt(4));
            } else if (at == 1) {
                out.u8(frame[4 + random.nextInt(frame.length - 8)] & 0xFF);
            } else if (at > 2) {
                out.u8(frame[i] & 0xFF);
            }
        }
        return out.finish();
    }
}

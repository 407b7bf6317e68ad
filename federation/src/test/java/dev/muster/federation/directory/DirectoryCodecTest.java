package dev.muster.federation.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.detect.Seeds;
import dev.muster.federation.directory.DirectoryFrame.Digest;
import dev.muster.federation.directory.DirectoryFrame.Knew;
import dev.muster.federation.directory.DirectoryFrame.Push;
import dev.muster.federation.directory.DirectoryFrame.Reply;
import dev.muster.federation.directory.DirectoryFrame.Table;
import dev.muster.federation.directory.DirectoryFrame.Versions;
import dev.muster.federation.member.Damage;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Golden;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DirectoryCodecTest {
    private final DirectoryCodec codec = new DirectoryCodec();

    static LongStream seeds() {
        return Seeds.few();
    }

    private static DirectoryFrame random(Random random) {
        List<Aged> items = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            items.add(new Aged(Entries.random(random), random.nextInt(1000) * 100L));
        }
        var bits = new BitSet();
        items.forEach(_ -> bits.set(random.nextInt(items.size())));
        return switch (random.nextInt(4)) {
            case 0 -> new Push(random.nextLong(), items);
            case 1 -> new Reply(random.nextLong(), new Knew(bits), items);
            case 2 -> new Versions(List.of(new Digest(random.nextInt(), random.nextInt())));
            default -> new Table(random.nextLong(), items, List.of(random.nextInt(), 3));
        };
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsEncodedIsDecoded(long seed) throws FrameException {
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            DirectoryFrame frame = random(random);
            assertThat(codec.decode(codec.encode(frame))).isEqualTo(frame);
        }
    }

    @Test
    void contactsOfAnyKindAreKept() throws FrameException {
        CellEntry base = Entries.entry(1, new Version(1, 1, 1));
        List<String[]> pairs =
                List.of(
                        new String[] {"http://10.0.0.1:80", "10.0.0.1:9641"},
                        new String[] {"http://10.0.0.1:80", ""},
                        new String[] {"http://10.0.0.1:80", "10.0.0.2:9641"},
                        new String[] {"https://10.0.0.1:80", "10.0.0.1:9641"},
                        new String[] {"http://010.0.0.1:80", "010.0.0.1:9641"},
                        new String[] {"http://10.0.0.256:80", "x"},
                        new String[] {"http://10.0.0.1:65536", "10.0.0.1:1"},
                        new String[] {"http://10.0.0.1:080", "10.0.0.1:1"},
                        new String[] {"http://10.0.0.1:80/", "10.0.0.1:1"},
                        new String[] {"http://255.255.255.255:65535", "255.255.255.255:65535"},
                        new String[] {"http://[::1]:80", "[::1]:9641"},
                        new String[] {"http://node-1.example:9640", "node-1.example:9641"});
        for (String[] pair : pairs) {
            var contacts = List.of(new Contact(pair[0], pair[1]));
            var entry = new CellEntry("c", "z", 1, contacts, 0, 1, 0, 1, 0, base.version());
            var frame = new Push(1, List.of(new Aged(entry, 0)));
            assertThat(codec.decode(codec.encode(frame))).as(pair[0]).isEqualTo(frame);
        }
    }

    @Test
    void theFirstVersionStillReads() throws FrameException {
        byte[] golden = Golden.read("directory-push-v2.hex");
        var frame =
                new Push(
                        0x1122334455667788L,
                        List.of(
                                new Aged(
                                        Entries.entry(300, new Version(1_763_000_000L, 42, 7)),
                                        900),
                                new Aged(Entries.result("z0-300", "z1-1", "zone-1", true), 1500)));
        assertThat(codec.encode(frame)).isEqualTo(golden);
        assertThat(codec.decode(golden)).isEqualTo(frame);
    }

    @Test
    void spoiltFramesAreRefused() {
        byte[] golden = Golden.read("directory-push-v2.hex");
        Damage.everyBit(golden, bytes -> refused(bytes));
        Damage.everyLength(golden, bytes -> refused(bytes));
    }

    private void refused(byte[] bytes) {
        assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(FrameException.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void forgedFramesAreReadOrRefused(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] forged = Damage.forged(codec.encode(random(random)), random);
            try {
                codec.decode(forged);
            } catch (FrameException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}

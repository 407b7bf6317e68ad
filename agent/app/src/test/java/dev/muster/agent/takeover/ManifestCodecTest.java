package dev.muster.agent.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestCodecTest {
    @Test
    void readsBackWhatItWrote() throws ManifestException {
        Manifest manifest = Manifests.rich();
        assertThat(ManifestCodec.decode(ManifestCodec.encode(manifest))).isEqualTo(manifest);
    }

    @Test
    void writesTheSameManifestAsTheSameBytes() throws ManifestException {
        byte[] bytes = ManifestCodec.encode(Manifests.rich());
        assertThat(ManifestCodec.encode(ManifestCodec.decode(bytes))).isEqualTo(bytes);
    }

    /// What version 1 wrote stays readable.
    @Test
    void readsTheGoldenFile() throws IOException {
        try (InputStream golden = getClass().getResourceAsStream("/golden/manifest-1.bin")) {
            byte[] bytes = Objects.requireNonNull(golden).readAllBytes();
            assertThat(ManifestCodec.decode(bytes)).isEqualTo(Manifests.rich());
            assertThat(ManifestCodec.encode(Manifests.rich())).isEqualTo(bytes);
        }
    }

    @Test
    void takesFewBytesForEachOfThirtyServices() {
        ManifestTarget[] targets = new ManifestTarget[30];
        Arrays.setAll(targets, i -> Manifests.target(Manifests.PLAIN, 8000 + i));
        assertThat(ManifestCodec.encode(Manifests.of("web-1", targets)).length).isLessThan(1_500);
    }

    @Test
    void leavesOutTargetsThatFindNoPlaceAndCountsThem() throws ManifestException {
        List<ManifestTarget> targets = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(200, 'a', 'z').forEach(c -> text.append((char) c));
            targets.add(
                    new ManifestTarget(
                            Manifests.PLAIN,
                            Labels.of("job", "web", "instance", text.toString()),
                            Labels.EMPTY,
                            Manifests.target(Manifests.PLAIN, 1 + i).endpoint(),
                            i,
                            ""));
        }
        Manifest whole = new Manifest("c1", "web-1", Map.of(), targets, 0);
        byte[] bytes = ManifestCodec.encode(whole);
        Manifest kept = ManifestCodec.decode(bytes);
        assertThat(bytes.length).isBetween(Manifest.LIMIT_BYTES - 1_000, Manifest.LIMIT_BYTES);
        assertThat(kept.targets()).isEqualTo(targets.subList(0, kept.targets().size()));
        assertThat(kept.omitted()).isEqualTo(2_000 - kept.targets().size()).isPositive();
    }

    @Test
    void refusesAnotherVersionAndDamage() {
        byte[] bytes = ManifestCodec.encode(Manifests.rich());
        byte[] other = bytes.clone();
        other[3] = '2';
        assertThatThrownBy(() -> ManifestCodec.decode(other))
                .isInstanceOf(ManifestException.class)
                .hasMessage("manifest must be of a known version: magic=0x4d544d32");
        byte[] damaged = bytes.clone();
        damaged[40] ^= 1;
        assertThatThrownBy(() -> ManifestCodec.decode(damaged))
                .isInstanceOf(ManifestException.class)
                .hasMessageStartingWith("manifest checksum must match: expected=0x");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 40, 100})
    void refusesWhatIsCut(int length) {
        byte[] bytes = ManifestCodec.encode(Manifests.rich());
        assertThatThrownBy(() -> ManifestCodec.decode(Arrays.copyOf(bytes, length)))
                .isInstanceOf(ManifestException.class);
    }

    /// Whatever bytes come with a right checksum: a manifest or a refusal, soon, and nothing else.
    @Test
    void survivesAnyBytes() {
        long seed = Long.getLong("seed", 7L);
        Random random = new Random(seed);
        byte[] good = ManifestCodec.encode(Manifests.rich());
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[4 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt(256);
            }
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, bytes.length - 4);
            ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
            try {
                Manifest manifest = ManifestCodec.decode(bytes);
                assertThat(manifest.targets().size()).isLessThan(bytes.length);
                read++;
            } catch (ManifestException e) {
                assertThat(e.getMessage()).as("seed=%s", seed).startsWith("manifest ");
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void spreadsTicksAsTheAgentDid() throws ManifestException {
        Manifest manifest =
                Manifests.of(
                        "web-1",
                        Manifests.target(Manifests.profile("slow", Duration.ofSeconds(15)), 80));
        assertThat(ManifestCodec.decode(ManifestCodec.encode(manifest)).targets().getFirst())
                .extracting(ManifestTarget::spread)
                .isEqualTo(80 * 7919);
    }
}

package dev.muster.agent.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.runs.JobView;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestCodecTest {
    static List<Manifest> manifests() {
        return List.of(Manifests.rich(), Manifests.withJobs());
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void readsBackWhatItWrote(Manifest manifest) throws ManifestException {
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

    /// What version 2 wrote, that is one with jobs.
    @Test
    void readsTheGoldenFileWithJobs() throws IOException {
        String target = System.getProperty("muster.golden", "");
        if (!target.isEmpty()) {
            Files.write(Path.of(target), ManifestCodec.encode(Manifests.withJobs()));
        }
        try (InputStream golden = getClass().getResourceAsStream("/golden/manifest-2.bin")) {
            byte[] bytes = Objects.requireNonNull(golden).readAllBytes();
            assertThat(ManifestCodec.decode(bytes)).isEqualTo(Manifests.withJobs());
            assertThat(ManifestCodec.encode(Manifests.withJobs())).isEqualTo(bytes);
        }
    }

    @Test
    void leavesOutJobsThatFindNoPlaceAndCountsThem() throws ManifestException {
        JobView[] jobs = new JobView[ManifestJobs.LIMIT];
        Arrays.setAll(jobs, i -> Manifests.job(i + "é".repeat(190)));
        Manifest rich = Manifests.rich();
        Manifest whole =
                new Manifest(
                        rich.cell(),
                        rich.host(),
                        rich.external(),
                        IntStream.range(1, 4_000)
                                .mapToObj(port -> Manifests.target(Manifests.PLAIN, "h" + port, 1))
                                .toList(),
                        0,
                        Optional.of(Manifests.jobs(jobs)));
        Manifest kept = ManifestCodec.decode(ManifestCodec.encode(whole));
        ManifestJobs found = kept.jobs().orElseThrow();
        assertThat(found.jobs().size()).isBetween(100, 511);
        assertThat(found.omitted()).isEqualTo(513 - found.jobs().size());
        assertThat(kept.targets().size()).isGreaterThan(1_000);
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
        other[3] = '3';
        assertThatThrownBy(() -> ManifestCodec.decode(other))
                .isInstanceOf(ManifestException.class)
                .hasMessage("manifest must be of a known version: magic=0x4d544d33");
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
        byte[] good = ManifestCodec.encode(Manifests.withJobs());
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

package dev.muster.federation.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FleetSealTest {
    private static final long NOW = 1_763_000_000_000L;
    private final FleetSeal seal = new FleetSeal("a secret of the fleet");
    private final byte[] body = {1, 2, 3};

    @Test
    void holdsForItsMessageOnly() {
        String header = seal.seal("", body, NOW);
        assertThat(seal.holds(header, "", body, NOW + 1000)).isTrue();
        assertThat(seal.holds(header, "", new byte[] {1, 2, 4}, NOW)).isFalse();
        assertThat(seal.holds(header, "v1 another", body, NOW)).isFalse();
        assertThat(seal.holds(header, "", body, NOW + 400_000)).isFalse();
        assertThat(seal.holds(null, "", body, NOW)).isFalse();
        assertThat(seal.holds("v1 x y", "", body, NOW)).isFalse();
        assertThat(new FleetSeal("another secret").holds(header, "", body, NOW)).isFalse();
    }

    @Test
    void anAnswerIsBoundToItsQuestion() {
        String question = seal.seal("", body, NOW);
        String answer = seal.seal(question, body, NOW);
        assertThat(seal.holds(answer, question, body, NOW)).isTrue();
        assertThat(seal.holds(answer, "", body, NOW)).isFalse();
        assertThat(seal.holds(question, question, body, NOW)).isFalse();
    }

    @Test
    void refusesAShortSecret() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FleetSeal("short"))
                .withMessage("directory secret must be at least 8 characters: length=5");
    }
}

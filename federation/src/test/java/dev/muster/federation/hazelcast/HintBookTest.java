package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.detect.Frame;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Golden;
import dev.muster.federation.member.ServiceBits;
import dev.muster.federation.member.StateHash;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HintBookTest {
    private static final long HASH = StateHash.ofHost("a");

    private final HintBook book = new HintBook();

    @Test
    void aDatagramSpeaksForTwoSeconds() {
        book.announced(beat(7, 1), 5, 1000);
        assertThat(number(3000)).contains(5);
        assertThat(number(3001)).isEmpty();
    }

    @Test
    void aBeatByTheBusSaysThatTheLastWordHolds() {
        book.said(new HintWord(HASH, 7, 1, 5), 0);
        for (int i = 1; i <= 20; i++) {
            book.heardByBus(beat(7, i), 500L * i);
            assertThat(number(500L * i)).contains(5);
        }
        assertThat(number(10_000 + HintBook.BUS_VALID_MS)).contains(5);
        assertThat(number(10_001 + HintBook.BUS_VALID_MS)).isEmpty();
    }

    @Test
    void aChangeTakesTheWordBack() {
        book.said(new HintWord(HASH, 7, 1, 5), 0);
        book.said(new HintWord(HASH, 7, 2, 0), 500);
        book.heardByBus(beat(7, 2), 500);
        assertThat(number(500)).isEmpty();
        book.said(new HintWord(HASH, 7, 1, 5), 600);
        assertThat(number(600)).isEmpty();
    }

    @Test
    void aWordThatNoLongerStandsIsNotRevivedByABeat() {
        book.said(new HintWord(HASH, 7, 1, 5), 0);
        book.heardByBus(beat(7, 20), 10_000);
        assertThat(number(10_000)).isEmpty();
    }

    @Test
    void beatsOfALaterRunSayNothingOfTheWordBefore() {
        book.said(new HintWord(HASH, 7, 1, 5), 0);
        book.heardByBus(beat(8, 1), 2000);
        assertThat(number(3500)).isEmpty();
    }

    @Test
    void beatsByTheBusDoNotSpeakForWhatDatagramsSaid() {
        book.announced(beat(7, 3), 5, 0);
        book.heardByBus(beat(7, 4), 1900);
        assertThat(number(2500)).isEmpty();
    }

    @Test
    void theVoiceSaysAChangeTwiceAndRepeatsNowAndThen() {
        var voice = new HintVoice();
        assertThat(voice.isDue(0, 0)).isFalse();
        assertThat(List.of(voice.isDue(5, 500), voice.isDue(5, 1000), voice.isDue(5, 1500)))
                .containsExactly(true, true, false);
        assertThat(voice.isDue(5, 999 + HintVoice.AGAIN_MS)).isFalse();
        assertThat(voice.isDue(5, 1000 + HintVoice.AGAIN_MS)).isTrue();
        assertThat(List.of(voice.isDue(0, 7000), voice.isDue(0, 7500), voice.isDue(0, 60_000)))
                .containsExactly(true, true, false);
    }

    @Test
    void aWordIsReadBackAndADamagedOneRefused() throws FrameException {
        var word = new HintWord(HASH, 7, 4_000_000_000L, 12);
        byte[] bytes = word.encode();
        assertThat(HintWord.isOne(bytes)).isTrue();
        assertThat(HintWord.decode(bytes)).isEqualTo(word);
        bytes[9] ^= 1;
        assertThatThrownBy(() -> HintWord.decode(bytes)).isInstanceOf(FrameException.class);
    }

    @Test
    void wordsOfTheFirstVersionAreReadAndWritten() throws FrameException {
        byte[] golden = Golden.read("cell-hint-word-v2.hex");
        var word = new HintWord(0x0102030405060708L, 1_795_348_800, 41, 12);
        assertThat(HintWord.decode(golden)).isEqualTo(word);
        assertThat(word.encode()).isEqualTo(golden);
    }

    private Optional<Integer> number(long nowMs) {
        return book.find("a", nowMs).map(HintNumber::number);
    }

    private static Frame.Beat beat(long incarnation, long seq) {
        return new Frame.Beat(
                HASH, incarnation, seq, 0, 0, 0, 0, 0, 0, 0, ServiceBits.of(List.of()));
    }
}

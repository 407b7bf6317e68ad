package dev.muster.agent.scrape.append;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesCacheTest {
    private static final long SEED = Long.getLong("seed", 20_261_122L);

    private final SeriesCache cache = new SeriesCache(7);

    private int find(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return cache.find(bytes, 0, bytes.length);
    }

    private int add(String key, int reference) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return cache.add(bytes, 0, bytes.length, reference);
    }

    @Test
    void behavesAsAMapOverManyRounds() {
        Random random = new Random(SEED);
        Map<String, Integer> model = new HashMap<>();
        Map<Integer, String> keyOfReference = new HashMap<>();
        List<String> body = new ArrayList<>();
        for (int round = 1; round <= 300; round++) {
            change(body, random, round);
            cache.restart();
            for (String key : body) {
                int entry = find(key);
                if (model.containsKey(key)) {
                    // an entry may have been forgotten, but is never another's
                    if (entry != SeriesCache.NONE) {
                        assertThat(keyOfReference.get(cache.reference(entry)))
                                .as("seed=%d round=%d", SEED, round)
                                .isEqualTo(key);
                    }
                } else {
                    assertThat(entry)
                            .as("seed=%d round=%d", SEED, round)
                            .isEqualTo(SeriesCache.NONE);
                }
                if (entry == SeriesCache.NONE) {
                    int reference = keyOfReference.size();
                    keyOfReference.put(reference, key);
                    model.put(key, reference);
                    entry = add(key, reference);
                }
                cache.markSeen(entry, round);
            }
            cache.compact(round, _ -> {});
            assertThat(cache.size()).isLessThanOrEqualTo(2 * body.size() + 1_001);
        }
    }

    private static void change(List<String> body, Random random, int round) {
        for (int i = 0; i < 40; i++) {
            body.add(
                    random.nextInt(body.size() + 1),
                    "series{round=\"" + round + "\",i=\"" + i + "\"}");
        }
        while (body.size() > 400) {
            body.remove(random.nextInt(body.size()));
        }
        if (round % 50 == 0) {
            Collections.shuffle(body, random);
        }
    }

    @Test
    void knowsAValueByItsText() {
        int entry = add("a", 1);
        byte[] text = "1.5 123456789012345 1234567890123456      ".getBytes(StandardCharsets.UTF_8);
        assertThat(cache.sameText(entry, text, 0, 3)).isFalse();
        cache.remember(entry, text, 0, 3, 1.5);
        assertThat(cache.sameText(entry, text, 0, 3)).isTrue();
        assertThat(cache.sameText(entry, text, 0, 2)).isFalse();
        cache.remember(entry, text, 4, 19, 123456789012345d);
        assertThat(cache.sameText(entry, text, 4, 19)).isTrue();
        cache.remember(entry, text, 20, 36, 1234567890123456d);
        assertThat(cache.sameText(entry, text, 20, 36)).as("too long to remember").isFalse();
        assertThat(cache.value(entry)).isEqualTo(1234567890123456d);
    }
}

package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ParseCacheTest {
    @Test
    void parsesAQueryOnce() throws QueryException {
        ParseCache cache = new ParseCache(10, 1_000);
        Expr first = cache.expr("sum(a)");
        assertThat(cache.expr("sum(a)")).isSameAs(first);
        assertThat(cache.stats()).isEqualTo(new ParseCache.Stats(1, 1, 1, 0));
    }

    @Test
    void letsTheLeastRecentlyUsedGo() throws QueryException {
        ParseCache cache = new ParseCache(2, 1_000);
        Expr a = cache.expr("a");
        Expr b = cache.expr("b");
        cache.expr("a");
        cache.expr("c");
        assertThat(cache.expr("a")).isSameAs(a);
        assertThat(cache.expr("b")).isNotSameAs(b);
        assertThat(cache.stats().evictions()).isEqualTo(2);
    }

    @Test
    void isBoundedByTheLengthOfTextsToo() throws QueryException {
        ParseCache cache = new ParseCache(1_000, 80);
        for (int i = 0; i < 100; i++) {
            cache.expr("metric_" + i);
        }
        assertThat(cache.stats().size()).isLessThanOrEqualTo(80 / 8);
        String longer = "a + bbbbbbbbb";
        assertThat(cache.expr(longer)).isNotSameAs(cache.expr(longer));
    }

    @Test
    void doesNotKeepWhatIsWrong() {
        ParseCache cache = new ParseCache(10, 1_000);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> cache.expr("sum(")).isInstanceOf(QueryException.class);
        }
        assertThat(cache.stats()).isEqualTo(new ParseCache.Stats(0, 0, 2, 0));
    }
}

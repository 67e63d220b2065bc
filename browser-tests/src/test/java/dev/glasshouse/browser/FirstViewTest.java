package dev.glasshouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a browser has to fetch before somebody can chat. */
class FirstViewTest extends PageTest {
    private static final int MOST_BYTES = 60 * 1024;

    @Test
    void weighsAtMost60KilobytesPacked() {
        try (Visit visit = desktop()) {
            visit.go("#/chat");
            visit.page().waitForSelector(".composer textarea");
            Object bytes = visit.page().evaluate("""
                    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
                        .filter(e => !e.name.includes('/api/')).reduce((sum, e) => sum + e.encodedBodySize, 0)""");
            assertThat(((Number) bytes).intValue()).isBetween(1, MOST_BYTES);
        }
    }
}

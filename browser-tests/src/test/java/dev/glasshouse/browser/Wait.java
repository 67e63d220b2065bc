package dev.glasshouse.browser;

import com.microsoft.playwright.Page;

/** Waits for what a script says of the page. Playwright's own way evaluates text within the page, which its policy forbids. */
final class Wait {
    private static final long MOST_MILLIS = 60_000;
    private static final int POLL_MILLIS = 50;

    private Wait() {}

    /** Waits until the expression is true. */
    static void until(Page page, String expression) {
        until(page, "() => " + expression, "");
    }

    /** Waits until the function of the argument is true. */
    static void until(Page page, String function, Object argument) {
        long end = System.currentTimeMillis() + MOST_MILLIS;
        while (!Boolean.TRUE.equals(page.evaluate("async a => Boolean(await (" + function + ")(a))", argument))) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("never came true: " + function);
            }
            page.waitForTimeout(POLL_MILLIS);
        }
    }
}

package dev.glasshouse.browser;

import com.microsoft.playwright.Page;

/** Somebody without a mouse. */
record Keys(Page page) {
    private static final int MOST_TABS = 150;

    void press(String key) {
        page.keyboard().press(key);
    }

    /** Tabs until what the selector names has the focus. */
    void tabTo(String selector) {
        for (int i = 0; i < MOST_TABS; i++) {
            if ((Boolean) page.evaluate("s => document.activeElement?.matches(s) ?? false", selector)) {
                return;
            }
            press("Tab");
        }
        throw new AssertionError("Tab never reaches " + selector);
    }

    /** Replaces what stands in the field that has the focus. */
    void type(String text) {
        press("Control+a");
        page.keyboard().type(text);
    }
}

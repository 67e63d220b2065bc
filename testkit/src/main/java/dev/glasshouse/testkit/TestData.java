package dev.glasshouse.testkit;

/** Being built. */
public final class TestData {
    private TestData() {}
}

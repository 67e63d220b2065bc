package dev.glasshouse.stories;

import java.util.List;

/** Requests to begin with. */
public final class SampleRequests {
    /** Three requests that the world can serve; none of their combinations is held out. */
    public static final List<String> ALL = List.of(
            "Tell me a story about Zorbo the fox and a lantern.",
            "Please tell me a story about Mina the hedgehog and a telescope.",
            "Make up a story about Pepper the penguin and an umbrella.");

    private SampleRequests() {}
}

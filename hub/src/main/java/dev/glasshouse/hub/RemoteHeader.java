package dev.glasshouse.hub;

import java.util.Optional;

/** Reads what a GGUF file's header says where the file still is. Best effort: a plan does without it. */
final class RemoteHeader {
    private RemoteHeader() {}

    static Optional<ModelFacts> facts(Http http, PlannedFile file) {
        return Optional.empty();
    }

    static Optional<ModelFacts> facts(ByteSource wheel, Wheel.Entry entry) {
        return Optional.empty();
    }

    static Optional<Licence> licence(Http http, PlannedFile file) {
        return Optional.empty();
    }
}

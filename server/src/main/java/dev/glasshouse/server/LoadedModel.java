package dev.glasshouse.server;

import dev.glasshouse.Model;
import dev.glasshouse.hub.InstalledModel;
import java.util.Optional;
import java.util.OptionalInt;

/** A model in memory, or on its way there. All state is guarded by the {@link ModelHost}. */
final class LoadedModel {
    private final InstalledModel installed;
    private final OptionalInt context;
    private Optional<Model> model = Optional.empty();
    private Optional<RuntimeException> failure = Optional.empty();
    private int users;
    private long lastUse = System.nanoTime();
    private boolean gone;
    private volatile long done;
    private volatile long total;

    LoadedModel(InstalledModel installed, OptionalInt context) {
        this.installed = installed;
        this.context = context;
    }

    InstalledModel installed() {
        return installed;
    }

    String name() {
        return installed.name();
    }

    /** The context that was asked for. */
    OptionalInt context() {
        return context;
    }

    Optional<Model> model() {
        return model;
    }

    Optional<RuntimeException> failure() {
        return failure;
    }

    void loaded(Model opened) {
        model = Optional.of(opened);
    }

    void failed(RuntimeException reason) {
        failure = Optional.of(reason);
    }

    void progress(long bytesDone, long bytesTotal) {
        done = bytesDone;
        total = bytesTotal;
    }

    long done() {
        return done;
    }

    long total() {
        return total;
    }

    void use() {
        users++;
    }

    void leave() {
        users--;
        lastUse = System.nanoTime();
    }

    boolean idle() {
        return users == 0;
    }

    long lastUse() {
        return lastUse;
    }

    /** Whether it was closed. */
    boolean gone() {
        return gone;
    }

    void close() {
        gone = true;
        model.ifPresent(Model::close);
    }
}

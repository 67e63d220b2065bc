package dev.glasshouse.server;

import dev.glasshouse.Session;
import dev.glasshouse.SessionListener;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.Timings;
import dev.glasshouse.weights.Json;
import java.util.Optional;

/** A generation of a session and all it told, for listeners that come and go. */
final class RunLog implements SessionListener {
    private final int number;
    private final int from;
    private final Feed<Frame> feed = new Feed<>();
    private volatile int head;
    private volatile Optional<String> finish = Optional.empty();
    private volatile Optional<Job<?>> job = Optional.empty();

    /** One thing told. */
    sealed interface Frame {
        /** Something small, ready to send. */
        record Told(String name, Json data) implements Frame {}

        /** A token; its record is the session's and becomes JSON when it is sent. */
        record Stepped(Session.Node node) implements Frame {}
    }

    RunLog(int number, int from) {
        this.number = number;
        this.from = from;
        this.head = from;
    }

    int number() {
        return number;
    }

    Feed<Frame> feed() {
        return feed;
    }

    void tell(String name, Json data) {
        feed.tell(new Frame.Told(name, data));
    }

    @Override
    public void prompt(int done, int total, int reused) {
        tell(
                "prompt",
                Json.object()
                        .put("done", done)
                        .put("total", total)
                        .put("reused", reused)
                        .build());
    }

    @Override
    public void step(Session.Node node) {
        head = node.number();
        feed.tell(new Frame.Stepped(node));
    }

    @Override
    public void text(String delta, boolean reasoning) {
        tell(
                "text",
                Json.object().put("text", delta).put("reasoning", reasoning).build());
    }

    /** It ended well. */
    void done(Session.Result result, boolean expired) {
        head = result.head();
        String reason = expired ? "time_limit" : Answers.name(result.finish());
        Json.ObjectBuilder json =
                Json.object().put("run", number).put("head", result.head()).put("finish", reason);
        Answers.put(json, "stop", result.stop());
        tell(
                "done",
                json.put("timings", result.timings().toJson())
                        .put("text", result.text())
                        .put("reasoning", result.reasoning())
                        .build());
        end(reason);
    }

    /** It was cancelled before it got its turn. */
    void cancelled() {
        done(
                new Session.Result(
                        head, FinishReason.CANCELLED, Optional.empty(), new Timings(0, 0, 0, 0, 0, 0), "", ""),
                false);
    }

    /** It failed. */
    void failed(ApiException failure) {
        tell("error", failure.toJson());
        end("error");
    }

    private void end(String reason) {
        finish = Optional.of(reason);
        feed.end();
    }

    void runs(Job<?> started) {
        job = Optional.of(started);
    }

    void cancel() {
        job.ifPresent(Job::cancel);
    }

    boolean running() {
        return finish.isEmpty();
    }

    Json json() {
        Json.ObjectBuilder json = Json.object()
                .put("run", number)
                .put("from", from)
                .put("head", head)
                .put("running", running());
        Answers.put(json, "finish", finish);
        return json.build();
    }
}

package dev.glasshouse.server;

import dev.glasshouse.AskOptions;
import dev.glasshouse.Model;
import dev.glasshouse.chat.Prompt;
import dev.glasshouse.engine.ContextFullException;
import dev.glasshouse.engine.Generation;
import dev.glasshouse.engine.Request;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/** OpenAI's routes. */
final class OpenAi {
    private static final long POLL_MILLIS = 100;

    private final ModelHost host;
    private final Jobs jobs;
    private final Limits limits;

    OpenAi(ModelHost host, Jobs jobs, Limits limits) {
        this.host = host;
        this.jobs = jobs;
        this.limits = limits;
    }

    void addTo(Router router) {
        router.get("/v1/models", this::models)
                .get("/v1/models/{id*}", this::model)
                .post("/v1/chat/completions", this::complete);
    }

    private void models(Exchange exchange) {
        exchange.json(Json.object()
                .put("object", "list")
                .put("data", host.installed().stream().map(OpenAi::json).toList())
                .build());
    }

    private void model(Exchange exchange) {
        exchange.json(json(host.find(Optional.of(exchange.path("id")))));
    }

    private static Json json(InstalledModel model) {
        return Json.object()
                .put("id", model.name())
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", model.source())
                .build();
    }

    private void complete(Exchange exchange) throws Exception {
        CompletionRequest asked = CompletionRequest.of(exchange.body());
        ModelHost.Lease lease = host.lease(asked.model(), exchange.connection());
        boolean started = false;
        try {
            Prompt prompt = Prompts.render(lease.model(), asked.messages(), asked.variables(), asked.thinking());
            Completion completion =
                    new Completion(lease.model(), request(lease.model(), asked, prompt), prompt, asked.logprobs());
            Job<Generation> job = jobs.generate(ended -> lease.close(), completion::run);
            started = true;
            CompletionAnswer answer =
                    new CompletionAnswer(lease.name(), lease.model().tokenizer(), asked);
            if (asked.stream()) {
                stream(exchange, answer, completion, job);
            } else {
                exchange.json(whole(exchange, answer, completion, job));
            }
        } finally {
            if (!started) {
                lease.close();
            }
        }
    }

    private Json whole(Exchange exchange, CompletionAnswer answer, Completion completion, Job<Generation> job)
            throws Exception {
        Generation generation = jobs.await(exchange, job);
        try {
            return answer.whole(completion.feed().from(0, 0), generation, job.expired());
        } catch (CancellationException e) {
            throw Jobs.told(job, e);
        }
    }

    /** @throws ContextFullException if the prompt leaves no room for a token */
    private Request request(Model model, CompletionRequest asked, Prompt prompt) {
        int[] ids = Prompts.encode(model, prompt.parts(), true);
        if (ids.length >= model.context()) {
            throw new ApiException(
                    ErrorCode.CONTEXT_FULL,
                    "The messages have " + ids.length + " tokens and the context holds " + model.context()
                            + ", the answer included. Shorten them.");
        }
        Settings.checkIds(asked.settings(), model);
        Request request = Request.of(ids)
                .withSettings(model.settings(AskOptions.DEFAULT.withSettings(asked.settings())))
                .withStops(asked.stops());
        OptionalInt most = most(asked.maxTokens(), limits.outputTokens());
        return most.isPresent() ? request.withMaxTokens(most.getAsInt()) : request;
    }

    /** The smaller of two bounds. */
    static OptionalInt most(OptionalInt asked, OptionalInt bound) {
        if (asked.isEmpty() || bound.isEmpty()) {
            return asked.isPresent() ? asked : bound;
        }
        return OptionalInt.of(Math.min(asked.getAsInt(), bound.getAsInt()));
    }

    private void stream(Exchange exchange, CompletionAnswer answer, Completion completion, Job<Generation> job)
            throws Exception {
        EventStream events = exchange.events();
        try {
            events.data(answer.first().write());
            int told = 0;
            // The feed ends before the job does, and never where the job does not get its turn.
            while (!completion.feed().over(told) && !job.result().isDone()) {
                List<Completion.Piece> pieces = completion.feed().from(told, POLL_MILLIS);
                for (Completion.Piece piece : pieces) {
                    events.data(answer.chunk(piece).write());
                }
                told += pieces.size();
                if (pieces.isEmpty()) {
                    events.quiet();
                }
            }
            for (Completion.Piece piece : completion.feed().from(told, 0)) {
                events.data(answer.chunk(piece).write());
            }
            List<Json> ends = new ArrayList<>();
            try {
                ends.addAll(answer.last(jobs.await(exchange, job), job.expired()));
            } catch (ClientGone | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                ends.add(Jobs.told(job, e).toJson());
            }
            for (Json end : ends) {
                events.data(end.write());
            }
            events.data("[DONE]");
        } catch (ClientGone e) {
            job.cancel();
            throw e;
        }
    }
}

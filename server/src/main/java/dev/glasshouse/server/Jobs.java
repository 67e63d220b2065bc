package dev.glasshouse.server;

import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * All that computes for clients. Waiting is done on virtual threads; computing on platform threads, since it does not
 * pause, and the virtual threads that serve connections would get no processor beside it.
 */
final class Jobs implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.glasshouse.server");
    private static final long POLL_MILLIS = 100;

    private final Admission generations;
    private final Admission inspections;
    private final Admission fetches = new Admission(2, 4);
    private final Limits limits;
    private final Set<Job<?>> jobs = ConcurrentHashMap.newKeySet();
    private final ExecutorService computing = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("glass-compute-", 0).factory());

    Jobs(Limits limits) {
        this.limits = limits;
        generations = new Admission(limits.running(), limits.waiting());
        inspections = new Admission(limits.running(), limits.waiting());
    }

    /** Starts a generation; its place in the queue is taken at once. @throws ApiException if the queue is full */
    <T> Job<T> generate(Consumer<Job<T>> atEnd, Job.Task<T> task) {
        return start(generations, atEnd, task);
    }

    /** Starts to fetch something; that takes no place among those that compute. */
    <T> Job<T> fetch(Job.Task<T> task) {
        return start(fetches, ended -> {}, task);
    }

    private <T> Job<T> start(Admission admission, Consumer<Job<T>> atEnd, Job.Task<T> task) {
        Admission.Place place = admission.enter();
        Job<T> job = new Job<>(limits.request());
        jobs.add(job);
        Thread.ofVirtual().name("glass-job").start(() -> {
            try (place) {
                if (!place.await(job.cancellation())) {
                    throw new CancellationException("cancelled while it waited");
                }
                job.result()
                        .complete(computing
                                .submit(() -> task.run(job.cancellation()))
                                .get());
            } catch (ExecutionException e) {
                job.result().completeExceptionally(e.getCause() == null ? e : e.getCause());
            } catch (InterruptedException | RuntimeException | Error e) {
                job.result().completeExceptionally(e);
            } finally {
                jobs.remove(job);
                atEnd.accept(job);
            }
        });
        return job;
    }

    /**
     * Computes something short for a client that waits for it, and stops when the client leaves.
     *
     * @throws ApiException if the queue is full, or it took too long
     */
    <T> T inspect(Exchange exchange, Job.Task<T> task) throws Exception {
        return await(exchange, start(inspections, ended -> {}, task));
    }

    /** Waits for a job's result; a client that leaves stops it. */
    <T> T await(Exchange exchange, Job<T> job) throws Exception {
        while (true) {
            try {
                return job.result().get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (exchange.connection().gone()) {
                    job.cancel();
                    // What it works on is given back behind this call: not before it has ended.
                    job.awaitEnd();
                    throw new ClientGone();
                }
            } catch (CancellationException e) {
                throw cancelled(job);
            } catch (ExecutionException e) {
                throw cause(job, e);
            } catch (InterruptedException e) {
                job.cancel();
                throw e;
            }
        }
    }

    private static Exception cause(Job<?> job, ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof CancellationException) {
            return cancelled(job);
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof Exception exception ? exception : e;
    }

    /** What a client is told of a job's failure. */
    static ApiException told(Job<?> job, Throwable failure) {
        if (failure instanceof CancellationException) {
            return cancelled(job);
        }
        ApiException told = ApiException.of(failure);
        if (told.code() == ErrorCode.INTERNAL) {
            LOG.log(System.Logger.Level.ERROR, "a job failed", failure);
        }
        return told;
    }

    private static ApiException cancelled(Job<?> job) {
        if (job.expired()) {
            return ApiException.bad("This took longer than the server allows, and was stopped.");
        }
        return job.drained()
                ? new ApiException(ErrorCode.DRAINING, "The server ends; this was stopped.")
                : new ApiException(ErrorCode.NO_SESSION, "This was stopped: its session was closed.");
    }

    /** Stops what takes too long. Called by a timer. */
    void sweep() {
        jobs.forEach(Job::checkTime);
    }

    /** Requests that wait for their turn. */
    int waiting() {
        return generations.queued() + inspections.queued();
    }

    /** Requests that compute. */
    int running() {
        return generations.busy() + inspections.busy();
    }

    /** All that wait or compute. */
    int active() {
        return jobs.size();
    }

    /** The server ends. */
    void cancelAll() {
        jobs.forEach(Job::drain);
    }

    @Override
    public void close() {
        cancelAll();
        computing.shutdown();
    }
}

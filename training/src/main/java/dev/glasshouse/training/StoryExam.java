package dev.glasshouse.training;

import dev.glasshouse.engine.Cancellation;
import dev.glasshouse.engine.Engine;
import dev.glasshouse.engine.EngineOptions;
import dev.glasshouse.engine.Request;
import dev.glasshouse.engine.Score;
import dev.glasshouse.sampling.SettingsSource;
import dev.glasshouse.stories.Checker;
import dev.glasshouse.stories.Document;
import dev.glasshouse.stories.ForeignNames;
import dev.glasshouse.stories.Question;
import dev.glasshouse.stories.StoryTeller;
import dev.glasshouse.stories.Tags;
import dev.glasshouse.weights.GlassException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * What a model of the stories has learned: its loss against the entropy of held-out stories, its answers, its own stories, and
 * names that it has never seen. The same model gives the same result, whatever the threads.
 */
public final class StoryExam {
    private static final double TEMPERATURE = 0.8;
    private static final int MOST_TOKENS = 340;

    private StoryExam() {}

    /**
     * How much is asked.
     *
     * @param documents held-out conversations whose loss is measured and whose questions are asked
     * @param samples stories that the model tells at temperature 0.8
     * @param names names from outside of the generator, at most 200
     */
    public record Size(int documents, int samples, int names) {
        /** What a release is measured with. */
        public static final Size FULL = new Size(1000, 500, 200);
    }

    /** How much was right. */
    public record Share(int right, int asked) {
        /** From 0 to 1. */
        public double share() {
            return asked == 0 ? 0 : (double) right / asked;
        }
    }

    /**
     * Takes the exam.
     *
     * @param model a GGUF file
     * @param seed of the stories it was trained on
     * @param trained documents it was trained on; its own stories are compared with them
     * @param threads threads that work
     * @throws GlassException if the file cannot be read, or its tokenizer lacks the special tokens of a conversation
     */
    public static StoryExamResult take(Path model, long seed, long trained, Size size, int threads) {
        StoryTeller teller = new StoryTeller(seed);
        Paper paper = new Paper(size);
        List<Engine> engines = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                engines.add(Engine.open(model, EngineOptions.defaults().withThreads(1)));
            }
            for (String tag : Tags.ALL) {
                if (engines.getFirst().tokenizer().encode(tag, true).length != 1) {
                    throw new GlassException(
                            "The model " + model + " knows no token " + tag + ": it was not trained on stories.");
                }
            }
            work(pool, threads, part -> {
                Engine engine = engines.get(part);
                each(part, threads, size.documents(), i -> paper.read(engine, teller.heldOut(i), i));
                each(part, threads, size.samples(), i -> paper.tell(engine, teller.heldOut(size.documents() + i), i));
                each(part, threads, size.names(), i -> paper.name(engine, i));
            });
            work(pool, threads, part -> {
                for (long i = part; i < trained; i += threads) {
                    paper.compare(teller.document(i).story());
                }
            });
        } catch (ExecutionException e) {
            throw e.getCause() instanceof GlassException cause ? cause : new GlassException("The exam failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GlassException("The exam was interrupted.", e);
        } finally {
            engines.forEach(Engine::close);
        }
        return paper.result();
    }

    private static void work(ExecutorService pool, int threads, IntConsumer work)
            throws ExecutionException, InterruptedException {
        List<Future<?>> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int part = i;
            parts.add(pool.submit(() -> work.accept(part)));
        }
        for (Future<?> part : parts) {
            part.get();
        }
    }

    private static void each(int first, int step, int end, IntConsumer work) {
        for (int i = first; i < end; i += step) {
            work.accept(i);
        }
    }

    /** Everything that is written down; each place of an array belongs to one thread. */
    private static final class Paper {
        private final double[] bits;
        private final double[] entropy;
        private final long[] bytes;
        private final int[][] right;
        private final int[][] asked;
        private final String[] stories;
        private final String[] requests;
        private final boolean[] survived;
        private final java.util.concurrent.ConcurrentHashMap<String, Boolean> known =
                new java.util.concurrent.ConcurrentHashMap<>();

        Paper(Size size) {
            bits = new double[size.documents()];
            entropy = new double[size.documents()];
            bytes = new long[size.documents()];
            right = new int[size.documents()][Question.KINDS.size()];
            asked = new int[size.documents()][Question.KINDS.size()];
            stories = new String[size.samples()];
            requests = new String[size.samples()];
            survived = new boolean[size.names()];
        }

        /** The loss of a document, and whether each token of its answers is the one that the model likes best. */
        void read(Engine engine, Document document, int index) {
            int[] ids = engine.tokenizer().encode(document.text(), true);
            int answer = engine.tokenizer().encode(Tags.ASSISTANT, true)[0];
            int end = engine.tokenizer().encode(Tags.END, true)[0];
            int[] turn = new int[ids.length];
            int turns = 0;
            boolean inside = false;
            for (int i = 0; i < ids.length; i++) {
                if (ids[i] == answer) {
                    turns++;
                    inside = true;
                } else if (ids[i] == end) {
                    inside = false;
                }
                // The story is the first turn, so answer n is turn n + 2.
                turn[i] = inside ? turns - 1 : 0;
            }
            boolean[] wrong = new boolean[document.questions().size() + 1];
            Score score = engine.score(ids, new Cancellation(), (position, logits, next, logProbability) -> {
                if (turn[position] > 0 && best(logits) != next) {
                    wrong[turn[position]] = true;
                }
            });
            bits[index] = -score.logProbability() / StrictMath.log(2);
            // The first token is given, so its information does not count.
            entropy[index] = document.bits() - document.pieces().getFirst().bits();
            bytes[index] = plain(document.text()).getBytes(StandardCharsets.UTF_8).length;
            for (int i = 0; i < document.questions().size(); i++) {
                int kind = Question.KINDS.indexOf(document.questions().get(i).kind());
                asked[index][kind]++;
                right[index][kind] += wrong[i + 1] ? 0 : 1;
            }
        }

        void tell(Engine engine, Document document, int index) {
            requests[index] = document.request();
            stories[index] = story(engine, document.request(), index + 1);
        }

        void name(Engine engine, int index) {
            String story = story(engine, ForeignNames.request(index), index + 1);
            survived[index] = ForeignNames.survives(ForeignNames.ALL.get(index % ForeignNames.ALL.size()), story);
        }

        void compare(String story) {
            for (String told : stories) {
                if (told.hashCode() == story.hashCode() && told.equals(story)) {
                    known.put(story, true);
                }
            }
        }

        StoryExamResult result() {
            Map<String, Share> kinds = new java.util.LinkedHashMap<>();
            for (int kind = 0; kind < Question.KINDS.size(); kind++) {
                kinds.put(Question.KINDS.get(kind), new Share(sum(right, kind), sum(asked, kind)));
            }
            double cost = 0;
            double line = 0;
            long length = 0;
            for (int i = 0; i < bits.length; i++) {
                cost += bits[i];
                line += entropy[i];
                length += bytes[i];
            }
            int consistent = 0;
            int fresh = 0;
            List<String> failures = new ArrayList<>();
            for (int i = 0; i < stories.length; i++) {
                Checker.Verdict verdict = Checker.check(requests[i], stories[i]);
                consistent += verdict.consistent() ? 1 : 0;
                fresh += known.containsKey(stories[i]) ? 0 : 1;
                if (!verdict.consistent() && failures.size() < 10) {
                    failures.add(requests[i] + " / " + stories[i] + " / at character " + verdict.at() + ", expected "
                            + verdict.expected());
                }
            }
            int kept = (int)
                    IntStream.range(0, survived.length).filter(i -> survived[i]).count();
            return new StoryExamResult(
                    bits.length,
                    cost / length,
                    line / length,
                    kinds,
                    new Share(consistent, stories.length),
                    new Share(fresh, stories.length),
                    new Share(kept, survived.length),
                    failures);
        }

        private static String story(Engine engine, String request, long seed) {
            int[] prompt = engine.tokenizer().encode(Tags.USER + request + Tags.END + Tags.ASSISTANT, true);
            return engine.generate(Request.of(prompt)
                            .withSettings(engine.settings(SettingsSource.user(Map.of(
                                    "temperature", TEMPERATURE, "top_k", 0, "top_p", 1.0, "min_p", 0.0, "seed", seed))))
                            .withStops(List.of(Tags.END))
                            .withMaxTokens(Math.min(MOST_TOKENS, engine.facts().context() - prompt.length)))
                    .text();
        }

        private static int sum(int[][] counts, int kind) {
            int sum = 0;
            for (int[] each : counts) {
                sum += each[kind];
            }
            return sum;
        }

        private static String plain(String text) {
            String plain = text;
            for (String tag : Tags.ALL) {
                plain = plain.replace(tag, "");
            }
            return plain;
        }

        private static int best(float[] logits) {
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            return best;
        }
    }
}

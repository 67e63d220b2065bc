package dev.glasshouse.training.data;

import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Makes a folder of training data: text is read document by document, exact duplicates are dropped, the rest becomes tokens on all threads
 * and is written to shards, with a manifest that names every source and hash. The result is a function of the sources, their order, the
 * tokenizer and the split rule. The folder appears when it is complete, or not at all.
 */
public final class DataBuilder {
    /** Documents a thread takes at a time, unless they are long. */
    private static final int MOST_DOCUMENTS = 256;

    /** Bytes of text that a thread takes at a time, unless one document has more. */
    private static final long MOST_BYTES = 1 << 20;

    private final Optional<TrainedTokenizer> given;
    private final Optional<TokenizerRecipe> recipe;
    private final List<DataSource> sources = new ArrayList<>();
    private SplitRule rule = new SplitRule.ByHash(0.05);
    private Optional<String> chatTemplate = Optional.empty();
    private boolean endsDocuments = true;
    private int threads = Runtime.getRuntime().availableProcessors();
    private long shardTokens = 1L << 27;
    private long mostTokens = Long.MAX_VALUE;
    private LongConsumer progress = documents -> {};

    /** The sources gave more tokens than {@link #mostTokens} lets them. */
    public static final class TooManyTokensException extends GlassException {
        @Serial
        private static final long serialVersionUID = 1L;

        private TooManyTokensException(long most) {
            super("The sources give more than the " + most
                    + " tokens that the data may have. Nothing was left behind.");
        }
    }

    private DataBuilder(Optional<TrainedTokenizer> given, Optional<TokenizerRecipe> recipe) {
        this.given = given;
        this.recipe = recipe;
    }

    /** Data in the tokens of a tokenizer. By default 5 % of the documents, chosen by hash, are for validation. */
    public static DataBuilder with(TrainedTokenizer tokenizer) {
        return new DataBuilder(Optional.of(tokenizer), Optional.empty());
    }

    /** Data in the tokens of a tokenizer that is learnt from its sources first; the manifest says how. */
    public static DataBuilder learning(TokenizerRecipe recipe) {
        return new DataBuilder(Optional.empty(), Optional.of(recipe));
    }

    /** Adds a source; their documents come in the order they are added. */
    public DataBuilder add(DataSource source) {
        sources.add(source);
        return this;
    }

    /** Sets what is kept from training. */
    public DataBuilder split(SplitRule newRule) {
        rule = newRule;
        return this;
    }

    /** Sets the template of chats that the documents follow. */
    public DataBuilder chatTemplate(String template) {
        chatTemplate = Optional.of(template);
        return this;
    }

    /** Sets whether the tokenizer's end token, if it has one, follows each document that does not end with it; true by default. */
    public DataBuilder endsDocuments(boolean ends) {
        endsDocuments = ends;
        return this;
    }

    /** Sets the threads that make tokens; the result does not depend on it. */
    public DataBuilder threads(int count) {
        threads = Math.max(1, count);
        return this;
    }

    /** Sets the tokens of a full shard; 2²⁷ by default. */
    public DataBuilder shardTokens(long tokens) {
        if (tokens < 1) {
            throw new GlassException("A shard of " + tokens + " tokens is not possible.");
        }
        shardTokens = tokens;
        return this;
    }

    /** Sets the tokens of both sides together beyond which building ends, where it is known how many there must be. */
    public DataBuilder mostTokens(long tokens) {
        mostTokens = tokens;
        return this;
    }

    /** Sets who is told, now and then, how many documents are done. */
    public DataBuilder progress(LongConsumer listener) {
        progress = listener;
        return this;
    }

    /**
     * Builds the folder and opens it.
     *
     * @throws TooManyTokensException if there are more than {@link #mostTokens}
     * @throws GlassException if a source cannot be read or holds nothing, the folder exists, or there is no room
     */
    public DataSet build(Path folder) {
        if (sources.isEmpty()) {
            throw new GlassException("There is no text to make data of; name at least one file.");
        }
        try (FreshFolder fresh = new FreshFolder(folder)) {
            TrainedTokenizer tokenizer =
                    given.orElseGet(() -> recipe.orElseThrow().learn(sources, threads));
            Run run = new Run(fresh, tokenizer);
            run.all();
        } catch (IOException e) {
            throw new GlassException(
                    "Cannot write the data to " + folder + ": " + e
                            + ". Nothing was left behind; free some space or choose" + " another place.",
                    e);
        }
        return DataSet.open(folder);
    }

    /** One build. */
    private final class Run {
        private final FreshFolder fresh;
        private final TrainedTokenizer tokenizer;
        private final DocumentEncoder encoder;
        private final HashSet128 seen = new HashSet128();
        private final List<Manifest.Source> described = new ArrayList<>();
        private long documents;
        private long tokens;
        private long duplicates;
        private long empty;

        Run(FreshFolder fresh, TrainedTokenizer tokenizer) {
            this.fresh = fresh;
            this.tokenizer = tokenizer;
            this.encoder = new DocumentEncoder(tokenizer.tokenizer(), rule, endsDocuments);
        }

        void all() throws IOException {
            Manifest.Part train;
            Manifest.Part validation;
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try (SplitWriter trainWriter = new SplitWriter(fresh.path(), Split.TRAIN, tokenizer.size(), shardTokens);
                    SplitWriter validationWriter =
                            new SplitWriter(fresh.path(), Split.VALIDATION, tokenizer.size(), shardTokens)) {
                for (DataSource source : sources) {
                    read(source, pool, trainWriter, validationWriter);
                }
                train = trainWriter.finish();
                validation = validationWriter.finish();
            } finally {
                pool.shutdownNow();
            }
            check(train, validation);
            byte[] tokenizerJson = tokenizer.tokenizerJson().write().getBytes(StandardCharsets.UTF_8);
            byte[] config = tokenizer.configJson(chatTemplate).pretty().getBytes(StandardCharsets.UTF_8);
            Manifest manifest = new Manifest(
                    tokenizer.size(),
                    Hashes.sha256(tokenizerJson),
                    Hashes.sha256(config),
                    recipe,
                    endsDocuments,
                    rule,
                    described,
                    duplicates,
                    empty,
                    train,
                    validation);
            fresh.write(Manifest.TOKENIZER, tokenizerJson);
            fresh.write(Manifest.CONFIG, config);
            fresh.write(Manifest.FILE, (manifest.json().pretty() + "\n").getBytes(StandardCharsets.UTF_8));
            fresh.finish();
        }

        private void check(Manifest.Part train, Manifest.Part validation) {
            if (train.tokens() + validation.tokens() == 0) {
                throw new GlassException("There is no text in the sources "
                        + sources.stream().map(DataSource::name).toList() + ": nothing to learn from.");
            }
            for (Split split : Split.values()) {
                Manifest.Part part = split == Split.TRAIN ? train : validation;
                if (part.tokens() < 2) {
                    throw new GlassException(
                            "There is too little text: of " + (train.documents() + validation.documents())
                                    + " documents with " + (train.tokens() + validation.tokens()) + " tokens, "
                                    + (split == Split.TRAIN
                                            ? "none are left for training"
                                            : "none would be kept for validation")
                                    + ". Use more text, cut it into more documents, or keep the end of the text for validation (split"
                                    + " rule \"tail\").");
                }
            }
        }

        private void read(DataSource source, ExecutorService pool, SplitWriter train, SplitWriter validation)
                throws IOException {
            Deque<Future<List<DocumentEncoder.Encoded>>> running = new ArrayDeque<>();
            long before = documents;
            try (SourceReader reader = SourceReader.of(source)) {
                boolean more = true;
                while (more || !running.isEmpty()) {
                    while (more && running.size() < 3 * threads) {
                        List<SourceReader.Pending> piece = new ArrayList<>();
                        long begin = reader.read();
                        while (more && piece.size() < MOST_DOCUMENTS && reader.read() - begin < MOST_BYTES) {
                            Optional<SourceReader.Pending> next = reader.next();
                            next.ifPresent(piece::add);
                            more = next.isPresent();
                        }
                        running.add(pool.submit(() -> piece.stream()
                                .map(pending -> encoder.encode(pending.make()))
                                .toList()));
                    }
                    for (DocumentEncoder.Encoded encoded : result(running.removeFirst(), source)) {
                        documents++;
                        if (reader.wantsText()) {
                            reader.text(encoded.utf8());
                        }
                        write(encoded, train, validation);
                    }
                    progress.accept(documents);
                }
                described.add(reader.describe(documents - before));
            } finally {
                running.forEach(future -> future.cancel(true));
            }
        }

        private void write(DocumentEncoder.Encoded encoded, SplitWriter train, SplitWriter validation)
                throws IOException {
            if (encoded.utf8().length == 0) {
                empty++;
            } else if (!seen.add(Hashes.word(encoded.hash(), 2), Hashes.word(encoded.hash(), 3))) {
                duplicates++;
            } else {
                tokens += encoded.train().length + encoded.validation().length;
                if (tokens > mostTokens) {
                    throw new TooManyTokensException(mostTokens);
                }
                train.document(encoded.train(), encoded.trainBytes());
                validation.document(encoded.validation(), encoded.validationBytes());
            }
        }
    }

    private static <T> T result(Future<T> future, DataSource source) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof GlassException glass) {
                throw new GlassException("In " + source.name() + ": " + glass.getMessage(), glass);
            }
            if (cause instanceof RuntimeException runtime) {
                throw runtime;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(cause);
        }
    }
}

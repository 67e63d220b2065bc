package dev.glasshouse.training.data;

import dev.glasshouse.training.Milestone;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a data set is made of: the file {@code manifest.json}.
 *
 * @param vocabulary entries of the tokenizer; every token is below it
 * @param tokenizerSha256 of {@code tokenizer.json}; {@code configSha256} of {@code tokenizer_config.json}
 * @param tokenizerRecipe how the tokenizer was learnt from the sources; empty where it came from elsewhere
 * @param endsDocuments whether each document was followed by the tokenizer's end token
 * @param duplicates documents left out because the same text was there before; {@code empty}: because there was nothing in them
 */
public record Manifest(
        int vocabulary,
        String tokenizerSha256,
        String configSha256,
        Optional<TokenizerRecipe> tokenizerRecipe,
        boolean endsDocuments,
        SplitRule splitRule,
        List<Source> sources,
        long duplicates,
        long empty,
        Part train,
        Part validation) {
    static final String FILE = "manifest.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";
    private static final String FORMAT = "glasshouse-data";
    private static final int VERSION = 1;
    private static final int MAXIMUM_SHARDS = 100_000;

    /**
     * Where text came from.
     *
     * @param kind text, jsonl or generated
     * @param sha256 of the file's bytes; of generated text: of the UTF-8 of all documents, one after the other
     * @param how what is needed to make or read it again, such as a generator's settings
     */
    public record Source(
            String name, String kind, String licence, String sha256, long bytes, long documents, Json how) {
        Json json() {
            return Json.object()
                    .put("name", name)
                    .put("kind", kind)
                    .put("licence", licence)
                    .put("sha256", sha256)
                    .put("bytes", bytes)
                    .put("documents", documents)
                    .put("how", how)
                    .build();
        }

        static Source of(Json json) {
            Json.ObjectValue object = json.asObject();
            return new Source(
                    object.get("name").asString(),
                    object.get("kind").asString(),
                    object.get("licence").asString(),
                    Milestone.hash(object.get("sha256").asString()),
                    count(object.get("bytes")),
                    count(object.get("documents")),
                    object.get("how"));
        }
    }

    /** A file of tokens. */
    public record Shard(String file, long tokens, String sha256) {}

    /** One side of the data; {@code bytes}: of its text in UTF-8. */
    public record Part(long documents, long tokens, long bytes, List<Shard> shards, String startsSha256) {
        public Part {
            shards = List.copyOf(shards);
        }

        Json json(Split split) {
            List<Json> files = new ArrayList<>();
            for (Shard shard : shards) {
                files.add(Json.object()
                        .put("file", shard.file())
                        .put("tokens", shard.tokens())
                        .put("sha256", shard.sha256())
                        .build());
            }
            return Json.object()
                    .put("documents", documents)
                    .put("tokens", tokens)
                    .put("bytes", bytes)
                    .put("shards", files)
                    .put(
                            "starts",
                            Json.object()
                                    .put("file", startsName(split))
                                    .put("sha256", startsSha256)
                                    .build())
                    .build();
        }

        /** Names are not taken from the file but only compared with what they must be, so that none leads elsewhere. */
        static Part of(Json json, Split split) {
            Json.ObjectValue object = json.asObject();
            List<Shard> shards = new ArrayList<>();
            long tokens = count(object.get("tokens"));
            long sum = 0;
            List<Json> listed = object.get("shards").asArray();
            if (listed.size() > MAXIMUM_SHARDS) {
                throw new GlassException("it lists " + listed.size() + " shards of " + SplitWriter.label(split)
                        + "; at most " + MAXIMUM_SHARDS + " can be.");
            }
            for (Json element : listed) {
                Json.ObjectValue shard = element.asObject();
                String file = shard.get("file").asString();
                if (!file.equals(shardName(split, shards.size()))) {
                    throw new GlassException(
                            "its shard \"" + file + "\" should be called \"" + shardName(split, shards.size()) + "\".");
                }
                long count = count(shard.get("tokens"));
                shards.add(new Shard(
                        file, count, Milestone.hash(shard.get("sha256").asString())));
                sum += count;
                if (sum > tokens) {
                    break; // wrong already, and a longer sum could wrap round
                }
            }
            Json.ObjectValue starts = object.get("starts").asObject();
            if (!starts.get("file").asString().equals(startsName(split))) {
                throw new GlassException("its list of document starts should be called \"" + startsName(split) + "\".");
            }
            if (sum != tokens) {
                throw new GlassException("its shards of " + SplitWriter.label(split) + " hold " + sum
                        + (sum > tokens ? " or more" : "") + " tokens, not the " + tokens + " it says.");
            }
            return new Part(
                    count(object.get("documents")),
                    tokens,
                    count(object.get("bytes")),
                    shards,
                    Milestone.hash(starts.get("sha256").asString()));
        }
    }

    public Manifest {
        sources = List.copyOf(sources);
    }

    /** One side. */
    public Part part(Split split) {
        return split == Split.TRAIN ? train : validation;
    }

    static String shardName(Split split, int index) {
        return String.format(Locale.ROOT, "%s-%05d.tokens", SplitWriter.label(split), index);
    }

    static String startsName(Split split) {
        return SplitWriter.label(split) + ".starts";
    }

    /** The content of {@code manifest.json}. */
    public Json json() {
        return Json.object()
                .put("format", FORMAT)
                .put("version", VERSION)
                .put(
                        "tokenizer",
                        Json.object()
                                .put("file", TOKENIZER)
                                .put("vocabulary", vocabulary)
                                .put("sha256", tokenizerSha256)
                                .put("config_sha256", configSha256)
                                .put("ends_documents", endsDocuments)
                                .put(
                                        "learnt",
                                        tokenizerRecipe
                                                .map(TokenizerRecipe::json)
                                                .orElse(Json.ofNull()))
                                .build())
                .put("split", splitRule.json())
                .put("sources", sources.stream().map(Source::json).toList())
                .put("duplicates_dropped", duplicates)
                .put("empty_dropped", empty)
                .put("train", train.json(Split.TRAIN))
                .put("validation", validation.json(Split.VALIDATION))
                .build();
    }

    /** Reads {@link #json()}. @throws GlassException saying what is wrong, as the end of a sentence */
    public static Manifest of(Json json) {
        Json.ObjectValue root = json.asObject();
        if (!root.string("format").orElse("").equals(FORMAT)) {
            throw new GlassException("it is not a manifest of data.");
        }
        if (root.get("version").asLong() != VERSION) {
            throw new GlassException(
                    "it has version " + root.get("version").asLong() + "; this program reads version " + VERSION + ".");
        }
        Json.ObjectValue tokenizer = root.get("tokenizer").asObject();
        int vocabulary = tokenizer.get("vocabulary").asInt();
        if (vocabulary < 1 || vocabulary > 1 << 24) {
            throw new GlassException("a vocabulary of " + vocabulary + " entries is not possible.");
        }
        Manifest manifest = new Manifest(
                vocabulary,
                Milestone.hash(tokenizer.get("sha256").asString()),
                Milestone.hash(tokenizer.get("config_sha256").asString()),
                tokenizer.find("learnt").filter(how -> !how.isNull()).map(TokenizerRecipe::of),
                tokenizer.get("ends_documents").asBoolean(),
                SplitRule.of(root.get("split")),
                root.get("sources").asArray().stream().map(Source::of).toList(),
                count(root.get("duplicates_dropped")),
                count(root.get("empty_dropped")),
                Part.of(root.get("train"), Split.TRAIN),
                Part.of(root.get("validation"), Split.VALIDATION));
        manifest.checkShards();
        return manifest;
    }

    /** Tokens of a full shard: those of the largest. */
    public long shardTokens() {
        return Stream.of(train, validation)
                .flatMap(part -> part.shards().stream())
                .mapToLong(Shard::tokens)
                .max()
                .orElse(1);
    }

    /** All shards but the last of a side are full, so that the counts alone say how the files must be cut. */
    private void checkShards() {
        long full = shardTokens();
        for (Split split : Split.values()) {
            List<Shard> shards = part(split).shards();
            for (int i = 0; i < shards.size(); i++) {
                long tokens = shards.get(i).tokens();
                if (tokens < 1 || i < shards.size() - 1 && tokens != full) {
                    throw new GlassException("its shard \"" + shards.get(i).file() + "\" holds " + tokens
                            + " tokens; all but the last must hold " + full + ", as the largest does.");
                }
            }
        }
    }

    /** Bytes that its shards and lists of document starts take on the disk, nearly. */
    public long diskBytes() {
        return (train.tokens() + validation.tokens()) * TokenFile.width(vocabulary)
                + (train.documents() + validation.documents()) * Long.BYTES;
    }

    /**
     * The SHA-256 of what training sees: tokenizer, shards, document starts. Names, licences and where the text came from do not count.
     */
    public String sha256() {
        StringBuilder text =
                new StringBuilder("glasshouse-data 1\n").append(tokenizerSha256).append('\n');
        for (Split split : Split.values()) {
            text.append(SplitWriter.label(split))
                    .append(' ')
                    .append(part(split).startsSha256())
                    .append('\n');
            for (Shard shard : part(split).shards()) {
                text.append(shard.tokens()).append(' ').append(shard.sha256()).append('\n');
            }
        }
        return Hashes.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static long count(Json json) {
        long count = json.asLong();
        if (count < 0 || count > 1L << 50) {
            throw new GlassException("a count of " + count + " is not possible.");
        }
        return count;
    }
}

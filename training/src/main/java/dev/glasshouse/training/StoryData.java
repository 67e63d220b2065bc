package dev.glasshouse.training;

import dev.glasshouse.stories.Document;
import dev.glasshouse.stories.Stories;
import dev.glasshouse.stories.StoryTeller;
import dev.glasshouse.stories.Tags;
import dev.glasshouse.tokenizer.BpeOptions;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.WordSplit;
import dev.glasshouse.training.data.DataBuilder;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.DataSource;
import dev.glasshouse.training.data.TokenizerRecipe;
import dev.glasshouse.weights.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Data of the program's own stories: they need not be stored, since anyone can tell them again. */
public final class StoryData {
    /** The template of the chats in the stories. */
    public static final String CHAT_TEMPLATE = "{% for message in messages %}{% if message['role'] == 'user' %}"
            + Tags.USER
            + "{{ message['content'] }}" + Tags.END + "{% elif message['role'] == 'assistant' %}" + Tags.ASSISTANT
            + "{{ message['content'] }}" + Tags.END + "{% endif %}{% endfor %}{% if add_generation_prompt %}"
            + Tags.ASSISTANT + "{% endif %}";

    private static final String GENERATOR = "stories";
    /** Documents that the tokenizer is learnt from. */
    private static final long TOKENIZER_DOCUMENTS = 20_000;

    private static final long MOST_DOCUMENTS = 1L << 32;

    private StoryData() {}

    /**
     * Stories as a source of data.
     *
     * @param documents how many, numbered from 0
     */
    public static DataSource source(long seed, long documents) {
        StoryTeller teller = new StoryTeller(seed);
        Json how = Json.object()
                .put("generator", GENERATOR)
                .put("version", StoryTeller.VERSION)
                .put("seed", seed)
                .put("documents", documents)
                .build();
        return new DataSource.Generated(
                "stories of this program", Stories.LICENCE, how, documents, index -> parts(teller, index));
    }

    /** The same from what a manifest says; empty if this program cannot tell those stories. */
    static Optional<DataSource> source(Json how) {
        Json.ObjectValue json = how.asObject();
        long documents = json.integer("documents").orElse(0);
        boolean ours = json.string("generator").orElse("").equals(GENERATOR)
                && json.integer("version").orElse(0) == StoryTeller.VERSION
                && json.integer("seed").isPresent()
                && documents > 0
                && documents <= MOST_DOCUMENTS;
        return ours ? Optional.of(source(json.integer("seed").orElseThrow(), documents)) : Optional.empty();
    }

    private static List<TextPart> parts(StoryTeller teller, long index) {
        Document document = teller.document(index);
        return List.of(TextPart.control(document.text()));
    }

    private static TokenizerRecipe tokenizer(int vocabulary) {
        return new TokenizerRecipe(
                TokenizerRecipe.Method.BPE,
                BpeOptions.of(vocabulary, WordSplit.GPT2, Tags.ALL, Tags.END),
                TOKENIZER_DOCUMENTS);
    }

    /**
     * Builds a folder of stories with a tokenizer of their own.
     *
     * @throws dev.glasshouse.weights.GlassException if the folder exists or there is no room
     */
    public static DataSet build(Path folder, long seed, long documents, int vocabulary, int threads) {
        return DataBuilder.learning(tokenizer(vocabulary))
                .add(source(seed, documents))
                .chatTemplate(CHAT_TEMPLATE)
                .threads(threads)
                .build(folder);
    }
}

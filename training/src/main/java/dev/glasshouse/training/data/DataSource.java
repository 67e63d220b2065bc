package dev.glasshouse.training.data;

import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/** Where documents come from. */
public sealed interface DataSource {
    /** What to say where nothing is known of the licence. */
    String UNKNOWN_LICENCE = "unknown";

    /** The name in the manifest. */
    String name();

    /** The licence of the text: an SPDX expression, or words. */
    String licence();

    /**
     * The documents in order, to train a tokenizer on, for example. Close the stream after use.
     *
     * @throws GlassException here, or as the stream is read, where the source cannot be read
     */
    default Stream<List<TextPart>> open() {
        SourceReader reader = SourceReader.of(this);
        return Stream.generate(reader::next)
                .takeWhile(Optional::isPresent)
                .map(document -> document.orElseThrow().make())
                .onClose(reader::close);
    }

    /** A file of text in UTF-8. Names of special tokens in it are plain text. */
    record TextFile(Path file, DocumentRule rule, String licence) implements DataSource {
        @Override
        public String name() {
            return fileName(file);
        }
    }

    /** A file with one JSON object a line, whose text stands at a key. */
    record JsonLines(Path file, String key, String licence) implements DataSource {
        @Override
        public String name() {
            return fileName(file);
        }
    }

    /**
     * Documents that are computed.
     *
     * @param how everything that decides them, for the manifest
     * @param documents how many, numbered from 0
     * @param document a pure function of the number, called by several threads; in parts that may hold control tokens, special tokens count
     */
    record Generated(String name, String licence, Json how, long documents, LongFunction<List<TextPart>> document)
            implements DataSource {}

    private static String fileName(Path file) {
        Path name = file.getFileName();
        if (name == null) {
            throw new GlassException("There is no file " + file + ".");
        }
        return name.toString();
    }
}

package dev.glasshouse.training.data;

import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** Gives the documents of a source in order. */
abstract sealed class SourceReader implements AutoCloseable {
    /** A document that is still to be made; making it may be left to another thread. */
    interface Pending {
        List<TextPart> make();
    }

    /** The next document, or none at the end. */
    abstract Optional<Pending> next();

    /** Told the text of each document in order, if {@link #wantsText()}. */
    void text(byte[] utf8) {}

    boolean wantsText() {
        return false;
    }

    /** Bytes read so far, if reading takes memory. */
    long read() {
        return 0;
    }

    /** What the manifest says of the source; after the end. */
    abstract Manifest.Source describe(long documents);

    @Override
    public void close() {}

    static SourceReader of(DataSource source) {
        return switch (source) {
            case DataSource.TextFile text -> new Text(text);
            case DataSource.JsonLines lines -> new Lines(lines);
            case DataSource.Generated generated -> new Computed(generated);
        };
    }

    private static List<TextPart> plain(String text) {
        return List.of(TextPart.plain(text));
    }

    private static final class Text extends SourceReader {
        private final DataSource.TextFile source;
        private final TextReader reader;
        private final StringBuilder text = new StringBuilder();
        /** Where the next document begins in the text; what stands before it was given already. */
        private int begin;
        /** Before this there is no end mark after {@link #begin}, so that no character is searched twice. */
        private int searched;

        private boolean ended;

        Text(DataSource.TextFile source) {
            this.source = source;
            this.reader = new TextReader(source.file());
        }

        @Override
        Optional<Pending> next() {
            while (true) {
                if (source.rule() == DocumentRule.END_MARK) {
                    int mark = text.indexOf(DocumentRule.MARK, searched);
                    if (mark >= 0) {
                        String document = text.substring(begin, mark);
                        begin = mark + DocumentRule.MARK.length();
                        searched = begin;
                        return Optional.of(() -> plain(withoutLineEnds(document)));
                    }
                    text.delete(0, begin); // once a line, not once a mark
                    begin = 0;
                    searched = text.length(); // a line ends here, and no mark holds a line end
                }
                int before = text.length();
                if (ended || !reader.line(text)) {
                    boolean first = !ended;
                    ended = true;
                    return first && !text.isEmpty() ? Optional.of(rest()) : Optional.empty();
                }
                boolean blank = source.rule() == DocumentRule.BLANK_LINES
                        && text.substring(before).isBlank();
                if (blank && before > 0) {
                    return Optional.of(rest());
                }
                if (blank) {
                    text.setLength(0);
                }
            }
        }

        private Pending rest() {
            String document = text.toString();
            text.setLength(0);
            return () -> plain(source.rule() == DocumentRule.FILE ? document : withoutLineEnds(document));
        }

        private static String withoutLineEnds(String text) {
            int from = 0;
            int to = text.length();
            while (from < to && lineEnd(text.charAt(from))) {
                from++;
            }
            while (to > from && lineEnd(text.charAt(to - 1))) {
                to--;
            }
            return text.substring(from, to);
        }

        private static boolean lineEnd(char c) {
            return c == '\n' || c == '\r';
        }

        @Override
        long read() {
            return reader.size();
        }

        @Override
        Manifest.Source describe(long documents) {
            return new Manifest.Source(
                    source.name(),
                    "text",
                    source.licence(),
                    reader.sha256(),
                    reader.size(),
                    documents,
                    Json.object().put("documents", source.rule().label()).build());
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    private static final class Lines extends SourceReader {
        private final DataSource.JsonLines source;
        private final TextReader reader;
        private long number;

        Lines(DataSource.JsonLines source) {
            this.source = source;
            this.reader = new TextReader(source.file());
        }

        @Override
        Optional<Pending> next() {
            StringBuilder line = new StringBuilder();
            while (reader.line(line)) {
                number++;
                String text = line.toString();
                if (!text.isBlank()) {
                    long at = number;
                    return Optional.of(() -> plain(textOf(text, at)));
                }
                line.setLength(0);
            }
            return Optional.empty();
        }

        private String textOf(String line, long at) {
            try {
                Json.ObjectValue object = Json.parse(line).asObject();
                return object.string(source.key())
                        .orElseThrow(() -> new GlassException("it has no text at the key \"" + source.key() + "\"."));
            } catch (GlassException e) {
                throw new GlassException(
                        "Line " + at + " of " + source.file() + " cannot be used: " + e.getMessage(), e);
            }
        }

        @Override
        long read() {
            return reader.size();
        }

        @Override
        Manifest.Source describe(long documents) {
            return new Manifest.Source(
                    source.name(),
                    "jsonl",
                    source.licence(),
                    reader.sha256(),
                    reader.size(),
                    documents,
                    Json.object().put("key", source.key()).build());
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    private static final class Computed extends SourceReader {
        private final DataSource.Generated source;
        private final MessageDigest digest = FileDigest.sha256();
        private long next;
        private long bytes;

        Computed(DataSource.Generated source) {
            this.source = source;
        }

        @Override
        Optional<Pending> next() {
            if (next == source.documents()) {
                return Optional.empty();
            }
            long number = next++;
            return Optional.of(() -> source.document().apply(number));
        }

        @Override
        boolean wantsText() {
            return true;
        }

        @Override
        void text(byte[] utf8) {
            digest.update(utf8);
            bytes += utf8.length;
        }

        @Override
        Manifest.Source describe(long documents) {
            return new Manifest.Source(
                    source.name(),
                    "generated",
                    source.licence(),
                    Hashes.hex(digest.digest()),
                    bytes,
                    documents,
                    source.how());
        }
    }
}

/**
 * Text to shards of tokens, and the order in which training sees them.
 *
 * <p>A folder of data holds {@code manifest.json} (sources, counts and the SHA-256 of everything), {@code tokenizer.json} with
 * {@code tokenizer_config.json}, the shards {@code train-00000.tokens} … and {@code validation-00000.tokens} …, and the first token of each
 * document in {@code train.starts} and {@code validation.starts}. Files of numbers begin with 32 bytes: the magic {@code GLSHTOK1}; the version
 * 1, bytes a number, vocabulary and 0 in 32 bits each; the count in 64 bits; all little endian. A token takes 2 bytes, or 4 where the vocabulary
 * has more than 65,536 entries; a start 8.
 *
 * <p>{@link dev.glasshouse.training.data.DataBuilder} makes such a folder, {@link dev.glasshouse.training.data.DataSet} reads it,
 * {@link dev.glasshouse.training.data.SampleOrder} says where the samples of a step begin, and
 * {@link dev.glasshouse.training.data.Batches} puts them together.
 */
@org.jspecify.annotations.NullMarked
package dev.glasshouse.training.data;

package dev.glasshouse.tokenizer;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * Everything a tokenizer is made of, as the readers of the file formats put it together.
 *
 * @param sentencePieceSpaces whether U+2581 stands for a space, in text and in the vocabulary; entries hold a space in their bytes then
 * @param stripsLeadingSpace whether decoding removes one space at the beginning, {@code stripsAllLeadingSpaces}: every one
 */
record TokenizerSpec(
        Vocabulary vocabulary,
        AddedTokens addedTokens,
        Normalizer normalizer,
        PreTokenizer splitter,
        SubwordModel model,
        boolean sentencePieceSpaces,
        boolean stripsLeadingSpace,
        boolean stripsAllLeadingSpaces,
        OptionalInt bos,
        OptionalInt eos,
        boolean addBos,
        boolean addEos,
        NavigableSet<Integer> endOfGeneration) {

    TokenizerSpec {
        endOfGeneration = Collections.unmodifiableNavigableSet(new TreeSet<>(endOfGeneration));
    }

    TokenizerSpec withEndOfGeneration(NavigableSet<Integer> ids) {
        return new TokenizerSpec(
                vocabulary,
                addedTokens,
                normalizer,
                splitter,
                model,
                sentencePieceSpaces,
                stripsLeadingSpace,
                stripsAllLeadingSpaces,
                bos,
                eos,
                addBos,
                addEos,
                ids);
    }

    TokenizerSpec withEnds(OptionalInt newBos, OptionalInt newEos, boolean newAddBos, boolean newAddEos) {
        NavigableSet<Integer> ends = new TreeSet<>(endOfGeneration);
        newEos.ifPresent(ends::add);
        return new TokenizerSpec(
                vocabulary,
                addedTokens,
                normalizer,
                splitter,
                model,
                sentencePieceSpaces,
                stripsLeadingSpace,
                stripsAllLeadingSpaces,
                newBos,
                newEos,
                newAddBos,
                newAddEos,
                ends);
    }
}

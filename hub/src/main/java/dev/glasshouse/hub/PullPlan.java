package dev.glasshouse.hub;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a pull would fetch, known before the bytes move.
 *
 * @param name under which the model will be listed
 * @param names the same and how the user asked for it
 * @param source where the bytes come from, for people
 * @param files in reading order
 * @param licence its terms, from the catalogue, the publisher's page, the package or the file's own header
 * @param licenceAccepted whether nothing needs to be accepted (any more)
 * @param facts what the file's header says; empty where the source does not let it be read first
 * @param sampling settings that the publisher documents
 * @param already bytes here from an earlier attempt
 * @param storePath owner and repository: the two folders of the store that the files go to
 */
public record PullPlan(
        String name,
        List<String> names,
        String source,
        List<PlannedFile> files,
        Licence licence,
        boolean licenceAccepted,
        Optional<HeaderFacts> facts,
        Map<String, Double> sampling,
        long already,
        List<String> storePath) {
    /** Bytes of all files; empty where a source does not tell. */
    public OptionalLong size() {
        long sum = 0;
        for (PlannedFile file : files) {
            if (file.size().isEmpty()) return OptionalLong.empty();
            sum = Math.addExact(sum, file.size().getAsLong());
        }
        return OptionalLong.of(sum);
    }

    /** Bytes of memory that running it takes, see {@link HeaderFacts#memory}; empty where facts or size are unknown. */
    public OptionalLong memory(int context) {
        OptionalLong size = size();
        return facts.isPresent() && size.isPresent()
                ? facts.get().memory(size.getAsLong(), context)
                : OptionalLong.empty();
    }
}

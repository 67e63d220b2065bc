package dev.glasshouse.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A model on disk, mapped into memory and not yet read. Its segments are valid until {@link #close}; using one
 * afterwards is an {@link IllegalStateException}.
 */
public sealed interface ModelFile extends AutoCloseable permits GgufFile, SafetensorsModel {

    /**
     * Opens a {@code .gguf} file, any file of a split set ({@code name-00001-of-00003.gguf}), or a folder with
     * {@code config.json} and safetensors in one file or sharded by an index.
     *
     * @throws GlassException that names the file, if it is missing, broken, cut off or of another format
     */
    static ModelFile open(Path path) {
        if (Files.isDirectory(path)) {
            return SafetensorsModel.open(path);
        }
        if (!Files.isRegularFile(path)) {
            throw new GlassException("There is no model file " + path + ".");
        }
        Path parent = path.toAbsolutePath().getParent();
        if (path.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors") && parent != null) {
            return SafetensorsModel.open(parent);
        }
        return GgufFile.open(path);
    }

    /** The files with tensors, in order. */
    List<Path> files();

    /** All tensors, in the order of the files and in each file's order. */
    List<Tensor> tensors();

    Optional<Tensor> tensor(String name);

    /** The bytes of all files with tensors. */
    long bytes();

    @Override
    void close();
}

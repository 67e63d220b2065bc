package dev.glasshouse.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A model on disk, mapped into memory and not yet read. Its segments are valid until {@link #close}; using one
 * afterwards is an {@link IllegalStateException}.
 */
public sealed interface ModelFile extends AutoCloseable permits GgufFile, SafetensorsModel {

    /**
     * Opens a {@code .gguf} file, any file of a split set ({@code name-00001-of-00003.gguf}), or a folder with
     * {@code config.json} and safetensors in one file or sharded by an index, or one of its {@code .safetensors} files.
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
            SafetensorsModel model = SafetensorsModel.open(parent);
            if (model.files().stream().noneMatch(file -> file.endsWith(path.getFileName()))) {
                model.close();
                throw new GlassException(path + " is no part of the model in " + parent + ", which is "
                        + model.files().stream()
                                .map(file -> String.valueOf(file.getFileName()))
                                .collect(Collectors.joining(", "))
                        + ". Give the folder, or one of these.");
            }
            return model;
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

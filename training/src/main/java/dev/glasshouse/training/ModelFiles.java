package dev.glasshouse.training;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.network.ParameterValues;
import dev.glasshouse.training.Verification.CannotTell;
import dev.glasshouse.training.Verification.Different;
import dev.glasshouse.training.Verification.Verdict;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What can be said of a model's files without training: whether they are those of the lock, and follow from each other. */
final class ModelFiles {
    private static final List<String> NEEDED = List.of(ModelExport.TOKENIZER, ModelExport.TOKENIZER_CONFIG);

    private final Path folder;
    private final RecipeLock lock;
    private final Path scratch;
    private final Consumer<String> checked;
    private boolean follow;

    ModelFiles(Path folder, RecipeLock lock, Path scratch, Consumer<String> checked) {
        this.folder = folder;
        this.lock = lock;
        this.scratch = scratch;
        this.checked = checked;
    }

    static String sha256(Path file) {
        return FileDigest.sha256(file, done -> {});
    }

    /** What is wrong; empty if nothing is. */
    Optional<Verdict> check() {
        List<String> missing = new ArrayList<>();
        for (String name : NEEDED) {
            if (!here(name)) {
                missing.add("The file " + name + " is missing in " + folder + ".");
            }
        }
        if (!here(ModelExport.F32) && !here(ModelExport.Q8_0)) {
            missing.add("There are no weights in " + folder + ": neither " + ModelExport.F32 + " nor "
                    + ModelExport.Q8_0 + ".");
        }
        if (!missing.isEmpty()) {
            return Optional.of(new CannotTell(missing));
        }
        for (String name : ModelExport.FILES) {
            if (!lock.files().containsKey(name) && SafeFolder.has(folder, name)) {
                return Optional.of(
                        new Different(name, -1, "", "The lock does not know the file " + name + " in " + folder + "."));
            }
        }
        boolean f32 = here(ModelExport.F32);
        Optional<Verdict> weights = f32 ? weights() : Optional.empty();
        if (weights.isPresent()) {
            return weights;
        }
        for (Map.Entry<String, String> file : lock.files().entrySet()) {
            String name = file.getKey();
            if (SafeFolder.has(folder, name)) {
                String found = sha256(folder.resolve(name));
                if (!found.equals(file.getValue())) {
                    return Optional.of(new Different(
                            name,
                            -1,
                            "",
                            "The file " + name + " has the SHA-256 " + found + "; the lock says " + file.getValue()
                                    + "."));
                }
            }
        }
        checked.accept("the files of the folder, by the SHA-256 in the lock");
        if (!f32) {
            return Optional.empty(); // only training again tells what the quantised file follows from
        }
        Optional<Verdict> wrong = derived();
        follow = wrong.isEmpty();
        return wrong;
    }

    /** Whether the files of weights were seen to follow from those of the last milestone. */
    boolean follow() {
        return follow;
    }

    private boolean here(String name) {
        return lock.files().containsKey(name) && SafeFolder.has(folder, name);
    }

    /** The tensors of the F32 file against the last milestone, so that a difference has a name. */
    private Optional<Verdict> weights() {
        try (ModelFile file = ModelFile.open(folder.resolve(ModelExport.F32))) {
            ModelPlan plan = new ParameterValues(file).plan();
            ModelPlan recipe = lock.config().model();
            // Biases that stay 0 are written like any other, so the file does not tell.
            if (!plan.spec().equals(recipe.spec()) || plan.tied() != recipe.tied()) {
                return Optional.of(different("", "The model in " + ModelExport.F32 + " is not the recipe's."));
            }
            try (Parameters parameters = Parameters.load(file)) {
                Optional<Verdict> other = tensors(parameters);
                if (other.isPresent()) {
                    return other;
                }
            }
        } catch (GlassException e) {
            if (e.getCause() instanceof OutOfMemoryError) {
                throw e; // says nothing of the file
            }
            return Optional.of(different("", ModelExport.F32 + " cannot be read: " + e.getMessage()));
        }
        checked.accept("every tensor of " + ModelExport.F32 + " against the last milestone");
        return Optional.empty();
    }

    private Optional<Verdict> tensors(Parameters parameters) {
        Milestone last = lock.milestones().getLast();
        if (last.tensors().size() < parameters.shapes().size()) {
            return Optional.of(different("", "The lock names fewer tensors than " + ModelExport.F32 + " has."));
        }
        for (int i = 0; i < parameters.shapes().size(); i++) {
            String name = parameters.shapes().get(i).name();
            if (!lock.tensors().get(i).equals(name)
                    || !last.tensors().get(i).equals(Milestone.tensor(name, parameters.value(i)))) {
                return Optional.of(new Different(
                        "milestone",
                        last.step(),
                        name,
                        "The tensor " + name + " in " + ModelExport.F32 + " is not that of the last milestone (step "
                                + last.step() + ")."));
            }
        }
        return Optional.empty();
    }

    private static Verdict different(String tensor, String what) {
        return new Different(ModelExport.F32, -1, tensor, what);
    }

    /** The quantised file and the one for Hugging Face, made again from the F32 file. */
    private Optional<Verdict> derived() {
        Path f32 = folder.resolve(ModelExport.F32);
        if (SafeFolder.has(folder, ModelExport.Q8_0)) {
            Path again = scratch.resolve(ModelExport.Q8_0);
            ModelExport.quantize(f32, again);
            if (!sha256(again).equals(sha256(folder.resolve(ModelExport.Q8_0)))) {
                return Optional.of(new Different(
                        ModelExport.Q8_0, -1, "", ModelExport.Q8_0 + " does not follow from " + ModelExport.F32 + "."));
            }
            checked.accept(ModelExport.Q8_0 + ", quantised again from " + ModelExport.F32);
        }
        if (SafeFolder.has(folder, ModelExport.HUB)) {
            Path again = scratch.resolve(ModelExport.HUB);
            try (ModelFile file = ModelFile.open(f32);
                    Parameters parameters = Parameters.load(file)) {
                HubWriter.safetensors(again, parameters);
            } catch (IOException e) {
                throw new GlassException("Cannot write " + again + ": " + e + ".", e);
            }
            if (!sha256(again).equals(sha256(folder.resolve(ModelExport.HUB)))) {
                return Optional.of(new Different(
                        ModelExport.HUB,
                        -1,
                        "",
                        ModelExport.HUB + " does not hold the weights of " + ModelExport.F32 + "."));
            }
            checked.accept(ModelExport.HUB + ", made again from " + ModelExport.F32);
        }
        return Optional.empty();
    }
}

package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a user typed into a {@link ModelName}. */
final class ModelNames {
    private static final Pattern HUB =
            Pattern.compile("(?i:hf\\.co/|huggingface\\.co/|hf:(?://)?)([^/:]+)/([^/:]+)(?:[:/](.+))?");
    private static final Pattern PACKAGE = Pattern.compile(
            "(?i:pypi:)([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:==([A-Za-z0-9][A-Za-z0-9.!+_-]*))?"
                    + "(?:/([^/]+))?");
    private static final Pattern SHA256 = Pattern.compile("sha256=([0-9a-fA-F]{64})");
    private static final String FORMS =
            "A model is named by a catalogue name (smollm2, smollm2:360m), hf.co/owner/repo[:QUANT], pypi:package,"
                    + " https://…/file.gguf, a path, or 'tiny'.";

    private ModelNames() {}

    /**
     * What {@code text} means.
     *
     * @param home the user's home folder, for {@code ~}
     * @throws GlassException when it means nothing; the message gives the nearest catalogue name and the forms
     */
    static ModelName parse(String text, Catalogue catalogue, Path home) {
        String name = text.strip();
        if (name.isEmpty()) throw new GlassException("No model is named. " + FORMS);
        if (name.length() > 4096)
            throw new GlassException("This model name is " + name.length() + " characters long. " + FORMS);
        if (name.equals("tiny")) return new ModelName.Tiny();
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("https://huggingface.co/") || lower.startsWith("https://hf.co/")) {
            Optional<ModelName> repository = hubPage(name.substring("https://".length()));
            if (repository.isPresent()) return repository.get();
        }
        if (lower.startsWith("https://") || lower.startsWith("http://")) return web(name);
        if (lower.startsWith("file:")) return file(name);
        if (lower.startsWith("pypi:")) return packageIndex(name);
        Matcher hub = HUB.matcher(name);
        if (hub.matches()) return hub(hub.group(1), hub.group(2), Optional.ofNullable(hub.group(3)));
        if (lower.startsWith("hf.co/") || lower.startsWith("huggingface.co/") || lower.startsWith("hf:")) {
            throw new GlassException(
                    Text.quote(name) + " is not a repository: write hf.co/owner/repo or hf.co/owner/repo:Q4_K_M.");
        }
        Optional<Catalogue.Entry> known = catalogue.find(name);
        if (known.isPresent()) return new ModelName.Catalogued(known.get());
        Optional<ModelName> local = local(name, home);
        if (local.isPresent()) return local.get();
        throw unknown(name, catalogue);
    }

    /** Addresses copied from a browser: huggingface.co/owner/repo and …/blob|resolve/main/file.gguf. */
    private static Optional<ModelName> hubPage(String text) {
        String[] parts = text.replaceFirst("[?#].*$", "").split("/", -1);
        if (parts.length == 3 && !parts[2].isEmpty()) return Optional.of(hub(parts[1], parts[2], Optional.empty()));
        boolean page =
                parts.length >= 6 && parts[4].equals("main") && (parts[3].equals("blob") || parts[3].equals("resolve"));
        if (!page) return Optional.empty();
        String file = String.join("/", List.of(parts).subList(5, parts.length));
        return Optional.of(hub(parts[1], parts[2], Optional.of(file)));
    }

    private static ModelName hub(String owner, String repository, Optional<String> choice) {
        SafeName.segment(owner, "The repository owner");
        SafeName.segment(repository, "The repository name");
        for (String part : choice.orElse("x").split("/", -1)) SafeName.segment(part, "The file or quantisation");
        return new ModelName.HuggingFace(owner, repository, choice);
    }

    private static ModelName packageIndex(String name) {
        Matcher matcher = PACKAGE.matcher(name);
        if (!matcher.matches()) {
            throw new GlassException(Text.quote(name)
                    + " is not a package: write pypi:package, pypi:package==1.0 or pypi:package/file.gguf.");
        }
        Optional<String> file = Optional.ofNullable(matcher.group(3));
        file.ifPresent(f -> SafeName.segment(f, "The file in the package"));
        return new ModelName.PackageIndex(matcher.group(1), Optional.ofNullable(matcher.group(2)), file);
    }

    private static ModelName web(String name) {
        URI address;
        try {
            address = new URI(name);
        } catch (URISyntaxException e) {
            throw new GlassException(Text.quote(name) + " is not an address: " + e.getReason() + ".");
        }
        Http.checkAddress(address);
        Optional<String> sha256 = Optional.empty();
        if (address.getFragment() != null) {
            Matcher hash = SHA256.matcher(address.getFragment());
            if (hash.matches()) sha256 = Optional.of(hash.group(1).toLowerCase(Locale.ROOT));
        }
        return new ModelName.Web(URI.create(name.replaceFirst("#.*$", "")), sha256);
    }

    private static ModelName file(String name) {
        try {
            return new ModelName.Local(Path.of(new URI(name)));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new GlassException(Text.quote(name) + " is not a file address: write file:///folder/model.gguf.");
        }
    }

    private static Optional<ModelName> local(String name, Path home) {
        boolean looksLocal = name.startsWith("./")
                || name.startsWith("../")
                || name.startsWith("/")
                || name.startsWith("~/")
                || name.equals(".")
                || name.equals("..")
                || name.contains("\\")
                || name.toLowerCase(Locale.ROOT).endsWith(".gguf");
        Path path;
        try {
            path = name.startsWith("~/") ? home.resolve(name.substring(2)) : Path.of(name);
        } catch (InvalidPathException e) {
            if (looksLocal) throw new GlassException(Text.quote(name) + " is not a path: " + e.getReason() + ".");
            return Optional.empty();
        }
        if (Files.exists(path)) return Optional.of(new ModelName.Local(path));
        if (looksLocal) {
            throw new GlassException("No such file: " + path.toAbsolutePath().normalize()
                    + ". Check the path, or name a model to" + " fetch instead. " + FORMS);
        }
        return Optional.empty();
    }

    private static GlassException unknown(String name, Catalogue catalogue) {
        String asked = name.toLowerCase(Locale.ROOT);
        int enough = Math.max(2, asked.length() / 3);
        List<String> near = new ArrayList<>(catalogue.spellings());
        near.add("tiny");
        Optional<String> nearest = near.stream()
                .filter(n -> Text.distance(asked, n) <= enough)
                .min(Comparator.comparingInt(n -> Text.distance(asked, n)));
        String hint = nearest.map(n -> " Did you mean " + n + "?").orElseGet(() -> catalogue
                .family(asked)
                .map(f -> " The catalogue has: " + String.join(", ", f) + ".")
                .orElse(""));
        return new GlassException("There is no model " + Text.quote(name) + "." + hint + " " + FORMS);
    }
}

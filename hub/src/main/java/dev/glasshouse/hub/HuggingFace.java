package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository of the Hugging Face hub, by its HTTP interface:
 *
 * <pre>
 * GET /api/models/OWNER/REPO                        sha (the commit), gated, cardData.license, license_name, license_link
 * GET /api/models/OWNER/REPO/tree/COMMIT?recursive=true   type, path, size, lfs {oid = SHA-256, size}; next page in Link
 * GET /OWNER/REPO/resolve/COMMIT/PATH               the bytes, usually by a redirect
 * </pre>
 *
 * Files are named by commit, so that a download taken up a week later is still of the same file.
 */
final class HuggingFace {
    private static final int LARGEST_ANSWER = 16 << 20;
    private static final int MOST_PAGES = 20;
    private static final int MOST_FILES = 20_000;
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"next\"");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40,64}");

    private final Http http;
    private final HubSettings settings;

    HuggingFace(Http http, HubSettings settings) {
        this.http = http;
        this.settings = settings;
    }

    /** The files that make up one model, and what the model card says. */
    record Found(List<PlannedFile> files, Licence licence, String choice) {}

    private record Listed(String path, long size, Optional<String> sha256) {}

    /** @throws IOException with a short reason */
    Found find(ModelName.HuggingFace name) throws IOException {
        String id = name.owner() + "/" + name.repository();
        try {
            Json.ObjectValue info = info(id);
            String commit =
                    info.string("sha").filter(c -> COMMIT.matcher(c).matches()).orElse("main");
            Map<String, Listed> files = tree(id, commit);
            List<String> paths = GgufFiles.choose(List.copyOf(files.keySet()), name.choice());
            if (paths.isEmpty()) throw new IOException(nothing(id, name, files));
            List<PlannedFile> planned = new ArrayList<>();
            for (Listed file : files.values()) {
                if (paths.contains(file.path())) planned.add(planned(id, commit, file));
            }
            planned.sort(Comparator.comparing(PlannedFile::name));
            return new Found(planned, licence(info), paths.getFirst());
        } catch (GlassException e) {
            throw new IOException(
                    "the hub's answer about " + id + " cannot be used: "
                            + Text.clean(String.valueOf(e.getMessage()), 200),
                    e);
        }
    }

    private Json.ObjectValue info(String id) throws IOException {
        Json.ObjectValue info;
        try {
            info = json(URI.create(settings.hubEndpoint() + "/api/models/" + id))
                    .asObject();
        } catch (Http.StatusException e) {
            if (e.status() == 404) throw new IOException("there is no repository " + id, e);
            if (e.status() == 401 && settings.hubToken().isEmpty()) {
                throw new IOException("there is no repository " + id + ", or it is private (then set HF_TOKEN)", e);
            }
            if (e.status() == 401 || e.status() == 403) throw new IOException(refused(id), e);
            throw e;
        }
        boolean gated = info.find("gated")
                .filter(g -> !g.isNull())
                .map(g -> !g.equals(Json.of(false)))
                .orElse(false);
        if (gated && settings.hubToken().isEmpty()) throw new IOException(refused(id));
        return info;
    }

    private String refused(String id) {
        return "its publisher asks for consent: accept the terms at " + Http.shown(settings.hubEndpoint()) + "/" + id
                + " and set HF_TOKEN to a token of that account";
    }

    private Map<String, Listed> tree(String id, String commit) throws IOException {
        Map<String, Listed> files = new LinkedHashMap<>();
        URI page = URI.create(settings.hubEndpoint() + "/api/models/" + id + "/tree/" + commit + "?recursive=true");
        for (int i = 0; i < MOST_PAGES; i++) {
            Optional<URI> next;
            try (Http.Response response = http.get(page, Map.of("Accept", "application/json"))) {
                for (Json entry : parse(response).asArray()) listed(entry.asObject(), files);
                next = next(page, response);
            }
            if (next.isEmpty()) return files;
            page = next.get();
        }
        return files;
    }

    private static Optional<URI> next(URI page, Http.Response response) throws IOException {
        Matcher matcher = NEXT.matcher(response.header("Link").orElse(""));
        if (!matcher.find()) return Optional.empty();
        try {
            URI next = page.resolve(matcher.group(1));
            if (!String.valueOf(next.getAuthority()).equals(page.getAuthority()))
                throw new IOException("the list of files goes on elsewhere");
            return Optional.of(next);
        } catch (IllegalArgumentException e) {
            throw new IOException("the list of files cannot be read on", e);
        }
    }

    private static void listed(Json.ObjectValue entry, Map<String, Listed> files) throws IOException {
        if (!entry.string("type").orElse("file").equals("file")) return;
        String path = entry.get("path").asString();
        if (!GgufFiles.isGguf(path)) return;
        for (String segment : path.split("/", -1)) {
            if (!SafeName.isSegment(segment)) return;
        }
        Optional<Json.ObjectValue> lfs = entry.object("lfs");
        OptionalLong size = lfs.isPresent() ? lfs.get().integer("size") : entry.integer("size");
        Optional<String> sha256 = lfs.flatMap(l -> l.string("oid"))
                .map(oid -> oid.startsWith("sha256:") ? oid.substring(7) : oid)
                .filter(Hashes::isSha256);
        if (size.orElse(0) <= 0) return;
        if (files.size() >= MOST_FILES) throw new IOException("the repository has more than " + MOST_FILES + " files");
        files.put(path, new Listed(path, size.getAsLong(), sha256));
    }

    private PlannedFile planned(String id, String commit, Listed file) {
        StringBuilder path = new StringBuilder();
        for (String segment : file.path().split("/", -1)) {
            path.append('/')
                    .append(URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        URI address = URI.create(settings.hubEndpoint() + "/" + id + "/resolve/" + commit + path);
        return new PlannedFile(
                SafeName.lastSegment(file.path(), "The file"),
                OptionalLong.of(file.size()),
                file.sha256(),
                file.sha256().map(hash -> "hub"),
                new PlannedFile.Direct(address));
    }

    private static Licence licence(Json.ObjectValue info) {
        Optional<Json.ObjectValue> card = info.object("cardData");
        Optional<String> id = card.flatMap(c -> c.find("license"))
                .flatMap(l -> l instanceof Json.StringValue text ? Optional.of(text.text()) : Optional.empty());
        if (id.isEmpty()) return Licence.notStated();
        return Licence.of(
                id.get(), card.flatMap(c -> c.string("license_name")), card.flatMap(c -> c.string("license_link")));
    }

    private static String nothing(String id, ModelName.HuggingFace name, Map<String, Listed> files) {
        List<List<String>> models = GgufFiles.models(List.copyOf(files.keySet()));
        if (models.isEmpty()) return id + " holds no GGUF file (look for a repository whose name ends in -GGUF)";
        List<String> names = models.stream().limit(12).map(List::getFirst).toList();
        return id + " has no " + Text.quote(name.choice().orElse("")) + "; it has " + String.join(", ", names)
                + (models.size() > names.size() ? " and " + (models.size() - names.size()) + " more" : "");
    }

    private Json json(URI address) throws IOException {
        try (Http.Response response = http.get(address, Map.of("Accept", "application/json"))) {
            return parse(response);
        }
    }

    private static Json parse(Http.Response response) throws IOException {
        byte[] bytes = response.body().readNBytes(LARGEST_ANSWER + 1);
        if (bytes.length > LARGEST_ANSWER)
            throw new IOException("the answer is larger than " + Text.bytes(LARGEST_ANSWER));
        return Json.parse(bytes);
    }
}

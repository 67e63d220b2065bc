package dev.glasshouse.cli;

import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.ModelFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What a model is, as text and as JSON. */
final class FactsPicture {
    private final Console console;

    FactsPicture(Console console) {
        this.console = console;
    }

    void print(ModelFacts facts, InstalledModel installed) {
        console.out()
                .println(console.bold(installed.name())
                        + facts.name().map(name -> "  " + name).orElse(""));
        row("architecture", facts.architecture().orElse("unknown"));
        row("parameters", Numbers.exact(facts.parameters()));
        row("layers", number(facts.layers()));
        row("heads", heads(facts));
        row("embedding", number(facts.embedding()));
        row("context", number(facts.context()));
        row(
                "vocabulary",
                number(facts.vocabulary())
                        + facts.tokenizer().map(kind -> " (" + kind + ")").orElse(""));
        facts.experts().ifPresent(count -> row("experts", Numbers.whole(count)));
        row("chat", facts.chatTemplate() ? "has a chat template" : "no chat template: continues text");
        row(
                "file",
                facts.format() + facts.fileType().map(type -> " " + type).orElse("") + ", "
                        + ProgressBar.bytes(facts.fileBytes()));
        row("tensors", facts.types().stream().map(FactsPicture::share).collect(Collectors.joining(", ")));
        row("licence", licence(facts, installed));
        facts.lineage()
                .forEach(ancestor -> row(
                        "made from",
                        ancestor.organization().map(owner -> owner + "/").orElse("")
                                + ancestor.name()
                                + ancestor.link().map(link -> "  " + link).orElse("")));
        if (!facts.datasets().isEmpty()) {
            row("data", String.join(", ", facts.datasets()));
        }
        row(
                "from",
                installed.source()
                        + installed.pulled().map(day -> ", pulled " + day).orElse(""));
        row("path", installed.path().toString());
    }

    /** What the publisher says, and what the file says where that is something else. */
    String licence(ModelFacts facts, InstalledModel installed) {
        String publisher = Fetching.licence(installed.licence());
        if (!facts.licence().isKnown()) {
            return publisher;
        }
        if (installed.licence().id().equals("unknown")) {
            return licence(facts);
        }
        return licence(facts).equalsIgnoreCase(installed.licence().id())
                ? publisher
                : publisher + "; the file says: " + licence(facts);
    }

    private static String licence(ModelFacts facts) {
        ModelFacts.Licence licence = facts.licence();
        return licence.text()
                + licence.id()
                        .filter(id -> !id.equals(licence.text()))
                        .map(id -> " (" + id + ")")
                        .orElse("")
                + licence.link().map(link -> "  " + link).orElse("");
    }

    void row(String label, String value) {
        console.out().println("  " + console.faint(String.format(Locale.ROOT, "%-13s", label)) + value);
    }

    private static String heads(ModelFacts facts) {
        String keys = facts.keyValueHeads().stream()
                .mapToObj(count -> " (" + Numbers.whole(count) + " for keys and values)")
                .collect(Collectors.joining());
        return number(facts.heads()) + (facts.keyValueHeads().equals(facts.heads()) ? "" : keys);
    }

    private static String share(ModelFacts.TypeShare share) {
        return share.tensors() + " " + share.type() + " (" + ProgressBar.bytes(share.bytes()) + ")";
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Numbers.whole(number.getAsLong()) : "unknown";
    }

    static Json json(ModelFacts facts) {
        Json.ObjectBuilder json = Json.object().put("format", facts.format());
        facts.architecture().ifPresent(value -> json.put("architecture", value));
        facts.name().ifPresent(value -> json.put("name", value));
        facts.fileType().ifPresent(value -> json.put("file_type", value));
        json.put("parameters", facts.parameters());
        put(json, "layers", facts.layers());
        put(json, "heads", facts.heads());
        put(json, "key_value_heads", facts.keyValueHeads());
        put(json, "embedding", facts.embedding());
        put(json, "context", facts.context());
        put(json, "vocabulary", facts.vocabulary());
        put(json, "experts", facts.experts());
        facts.tokenizer().ifPresent(value -> json.put("tokenizer", value));
        json.put("chat_template", facts.chatTemplate());
        json.put("file_bytes", facts.fileBytes());
        json.put("types", types(facts));
        json.put("licence", licenceJson(facts.licence()));
        List<Json> lineage = new ArrayList<>();
        facts.lineage().forEach(ancestor -> lineage.add(ancestorJson(ancestor)));
        json.put("made_from", lineage);
        json.put("datasets", facts.datasets().stream().map(Json::of).toList());
        return json.build();
    }

    private static List<Json> types(ModelFacts facts) {
        List<Json> types = new ArrayList<>();
        for (ModelFacts.TypeShare share : facts.types()) {
            types.add(Json.object()
                    .put("type", share.type().name())
                    .put("tensors", share.tensors())
                    .put("parameters", share.parameters())
                    .put("bytes", share.bytes())
                    .build());
        }
        return types;
    }

    private static Json licenceJson(ModelFacts.Licence licence) {
        Json.ObjectBuilder json = Json.object();
        put(json, "id", licence.id());
        put(json, "name", licence.name());
        put(json, "link", licence.link());
        return json.build();
    }

    private static Json ancestorJson(ModelFacts.Ancestor ancestor) {
        Json.ObjectBuilder json = Json.object().put("name", ancestor.name());
        put(json, "organization", ancestor.organization());
        put(json, "link", ancestor.link());
        return json.build();
    }

    private static void put(Json.ObjectBuilder json, String key, OptionalLong value) {
        value.ifPresent(number -> json.put(key, number));
    }

    private static void put(Json.ObjectBuilder json, String key, Optional<String> value) {
        value.ifPresent(text -> json.put(key, text));
    }
}

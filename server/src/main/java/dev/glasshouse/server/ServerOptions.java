package dev.glasshouse.server;

import dev.glasshouse.ModelOptions;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.weights.GlassException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * How to serve.
 *
 * @param host address or name to listen at
 * @param port port; 0: any that is free
 * @param access who may talk to it
 * @param limits what clients may take
 * @param model how models are opened
 * @param hub where models are kept
 * @param defaultModel the model of requests that name none: a name, or a path
 */
public record ServerOptions(
        String host,
        int port,
        Access access,
        Limits limits,
        ModelOptions model,
        HubSettings hub,
        Optional<String> defaultModel) {
    /** The usual port. */
    public static final int PORT = 11500;

    /** Sequences whose state an engine keeps for several clients. */
    private static final int SEQUENCES = 4;

    public ServerOptions {
        if (port < 0 || port > 65535) {
            throw new GlassException("A port must be from 0 to 65535, not " + port + ".");
        }
    }

    /** This machine only, the usual port. */
    public static ServerOptions defaults() {
        ModelOptions model = ModelOptions.DEFAULT;
        return new ServerOptions(
                "127.0.0.1",
                PORT,
                Access.DEFAULT,
                Limits.DEFAULT,
                model.withEngine(model.engine().withSequences(SEQUENCES)),
                HubSettings.ofProcess(),
                Optional.empty());
    }

    /** These at another address. */
    public ServerOptions at(String newHost, int newPort) {
        return new ServerOptions(newHost, newPort, access, limits, model, hub, defaultModel);
    }

    /** These for other clients. */
    public ServerOptions withAccess(Access newAccess) {
        return new ServerOptions(host, port, newAccess, limits, model, hub, defaultModel);
    }

    /** These with other limits. */
    public ServerOptions withLimits(Limits newLimits) {
        return new ServerOptions(host, port, access, newLimits, model, hub, defaultModel);
    }

    /** These with models opened like this; the number of sequences is the server's. */
    public ServerOptions withModelOptions(ModelOptions newModel) {
        ModelOptions shared = newModel.withEngine(newModel.engine().withSequences(SEQUENCES));
        return new ServerOptions(host, port, access, limits, shared, hub, defaultModel);
    }

    /** These with another store of models. */
    public ServerOptions withHub(HubSettings newHub) {
        return new ServerOptions(host, port, access, limits, model, newHub, defaultModel);
    }

    /** These with a model for requests that name none. */
    public ServerOptions withDefaultModel(String name) {
        return new ServerOptions(host, port, access, limits, model, hub, Optional.of(name));
    }

    /**
     * The address to listen at.
     *
     * @throws GlassException if there is none of that name, or it can be reached from other machines and no key protects it
     */
    InetAddress address() {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new GlassException("There is no address \"" + host + "\" to listen at.", e);
        }
        if (!address.isLoopbackAddress() && access.keys().isEmpty()) {
            throw new GlassException(
                    "The address " + host + " can be reached from other machines, and whoever reaches it could"
                            + " use the models: give an API key (--api-key-file FILE, or GLASS_API_KEY), or listen at 127.0.0.1.");
        }
        return address;
    }
}

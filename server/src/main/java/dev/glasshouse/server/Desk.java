package dev.glasshouse.server;

import dev.glasshouse.AskOptions;
import dev.glasshouse.Session;
import dev.glasshouse.weights.GlassException;
import java.util.OptionalInt;

/** What the native routes share: models, sessions, jobs, and how requests name parts of them. */
record Desk(ModelHost host, Sessions sessions, Jobs jobs, Limits limits) {
    /** Candidates that a step's record holds where nobody says otherwise. */
    static final int TOP = 10;

    static final int MOST_TOP = 200;

    /** A session in use: neither it nor its model is dropped meanwhile. */
    static final class Use implements AutoCloseable {
        private final SessionEntry entry;
        private final ModelHost.Lease lease;

        Use(SessionEntry entry, ModelHost.Lease lease) {
            this.entry = entry;
            this.lease = lease;
        }

        SessionEntry entry() {
            return entry;
        }

        @Override
        public void close() {
            try {
                entry.leave();
            } finally {
                lease.close();
            }
        }
    }

    /** The session that the path names. @throws ApiException if there is none */
    Use use(Exchange exchange) {
        SessionEntry entry = sessions.find(exchange.path("session"), exchange.holder());
        ModelHost.Lease lease = host.reuse(entry.loaded()).orElseThrow(Sessions::gone);
        entry.use();
        return new Use(entry, lease);
    }

    /** The node that a member names; {@link Session#ROOT} is one if {@code root}. */
    static int node(Fields fields, String name, Session session, boolean root) {
        int number = fields.needInteger(name, 0, Integer.MAX_VALUE);
        checkNode(session, number, root);
        return number;
    }

    static void checkNode(Session session, int number, boolean root) {
        if (number == Session.ROOT && root) {
            return;
        }
        try {
            session.node(number);
        } catch (GlassException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ApiException(ErrorCode.NO_NODE, "The session has no node " + number + ".");
        }
    }

    /** Settings and how many candidates to record. */
    static AskOptions options(Fields fields, SessionEntry entry) {
        AskOptions options = AskOptions.DEFAULT.withSettings(Settings.of(fields, "settings"));
        Settings.checkIds(options.settings(), entry.model());
        Fields.checked("settings", () -> entry.model().settings(options));
        return options.withTrace(fields.integer("top", 0, MOST_TOP).orElse(TOP));
    }

    /** A number of a query. */
    static OptionalInt number(Exchange exchange, String name) {
        return exchange.query(name)
                .map(text -> {
                    if (!text.matches("[0-9]{1,9}")) {
                        throw ApiException.field(name, "\"" + name + "\" must be a whole number, not negative.");
                    }
                    return OptionalInt.of(Integer.parseInt(text));
                })
                .orElse(OptionalInt.empty());
    }
}

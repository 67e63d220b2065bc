/** The glass command. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.cli {
    requires static org.jspecify;
    requires dev.glasshouse.library;
    requires dev.glasshouse.server;
    requires dev.glasshouse.training;
    requires info.picocli;
    requires org.jline;

    opens dev.glasshouse.cli to
            info.picocli;
}

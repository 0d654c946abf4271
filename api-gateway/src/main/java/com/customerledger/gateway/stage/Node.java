package com.customerledger.gateway.stage;

import com.customerledger.gateway.settings.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A server with a data directory and a port of its own, which it keeps from one start to the next. One thread starts and
 * ends it.
 */
public final class Node {

    /** A start is through in this time, also on a machine that has much else to do. */
    public static final Duration START_MAX = Duration.ofSeconds(90);

    private static final Pattern OWNS_LIST = Pattern.compile("\"customer_list\":\\{[^}]*\"ownedHere\":true");

    private final Stage stage;
    private final String name;
    private final Path directory;
    private final Map<String, String> settings;
    private final int port;
    private LedgerProcess process;

    private Node(
            Stage stage, String name, Path directory, Map<String, String> settings, int port, LedgerProcess process) {
        this.stage = stage;
        this.name = name;
        this.directory = directory;
        this.settings = settings;
        this.port = port;
        this.process = process;
    }

    /** Starts it; does not wait until it answers. */
    public static Node start(Stage stage, String name, Path directory, Map<String, String> settings)
            throws IOException {
        int port = stage.freePort();
        Map<String, String> all = new HashMap<>(settings);
        all.put("LEDGER_PORT", Integer.toString(port));
        all.put("LEDGER_OPERATOR_PORT", "0");
        return new Node(stage, name, directory, all, port, launch(stage, name, directory, all));
    }

    private static LedgerProcess launch(Stage stage, String name, Path directory, Map<String, String> settings)
            throws IOException {
        return stage.launch(name, List.of("serve"), settings, directory);
    }

    /** Starts it anew after its end; does not wait until it answers. */
    public void startAgain() throws IOException {
        process = launch(stage, name, directory, settings);
    }

    public String name() {
        return name;
    }

    public LedgerProcess process() {
        return process;
    }

    public Path directory() {
        return directory;
    }

    /** Calls it with that key. */
    public Caller caller(String credentials) {
        return new Caller(stage.http(), port, credentials);
    }

    /** Calls it as the merchant that the first start made. */
    public Caller demo() throws IOException {
        return caller(Files.readString(directory.resolve(DataDirectory.DEMO_CREDENTIALS)));
    }

    /**
     * Waits until it says that every call is answered.
     *
     * @return how long that took
     */
    public Duration awaitUp() throws InterruptedException {
        Caller nobody = new Caller(stage.http(), port, null);
        return Waiting.until(name + " to be up", START_MAX, () -> {
            PlayFailure.unless(process.isAlive(), () -> "%s has ended while it started".formatted(name));
            return nobody.get("/actuator/health").status() == 200;
        });
    }

    /** Waits until it answers anything at all on the merchants' port. */
    public Duration awaitAnswer() throws InterruptedException {
        Caller nobody = new Caller(stage.http(), port, null);
        return Waiting.until(name + " to listen", START_MAX, () -> {
            PlayFailure.unless(process.isAlive(), () -> "%s has ended while it started".formatted(name));
            nobody.get("/actuator/health");
            return true;
        });
    }

    /** The merchants' port. */
    public int port() {
        return port;
    }

    /** Calls its operators' port, which is another one after each start. */
    public Caller operator() throws IOException {
        URI url = URI.create(read(DataDirectory.OPERATOR_URL));
        return new Caller(stage.http(), url.getPort(), read(DataDirectory.OPERATOR_CREDENTIALS));
    }

    /** Whether this node fills the list of customers, as it tells operators. */
    public boolean ownsList() throws IOException, InterruptedException {
        Reply health = operator().get("/actuator/health");
        return OWNS_LIST
                .matcher(new String(health.body(), StandardCharsets.UTF_8))
                .find();
    }

    private String read(String file) throws IOException {
        return Files.readString(directory.resolve(file)).strip();
    }
}

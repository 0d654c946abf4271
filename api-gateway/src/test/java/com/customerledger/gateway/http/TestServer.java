package com.customerledger.gateway.http;

import com.customerledger.command.database.embedded.DatabaseAccess;
import com.customerledger.command.database.embedded.TestPostgres;
import com.customerledger.gateway.LedgerApplication;
import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.keys.KeyRegister;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** The whole application on a free port, with a database of its own on a real PostgreSQL. Thread-safe. */
public final class TestServer implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final Path directory;
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final AtomicInteger merchants = new AtomicInteger();

    private TestServer(ConfigurableApplicationContext context, Path directory) {
        this.context = context;
        this.directory = directory;
        this.port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /**
     * Starts it.
     *
     * @param settings Spring properties, as they are; they come before the server's own
     * @param more configurations beside the application's
     */
    public static TestServer start(Map<String, String> settings, Class<?>... more) {
        DatabaseAccess database = TestPostgres.newDatabase();
        Path directory = temporaryDirectory();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("ledger.serve", "true");
        all.put("ledger.port", "0");
        all.put("ledger.operator-port", "0");
        all.put("ledger.data-dir", directory.toString());
        all.put("ledger.database.url", database.jdbcUrl());
        all.put("ledger.database.user", database.application().user());
        all.put("ledger.database.password", database.application().password());
        all.put("ledger.database.owner-user", database.owner().user());
        all.put("ledger.database.owner-password", database.owner().password());
        all.putAll(settings);
        List<String> arguments = new ArrayList<>();
        all.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        SpringApplication application = new SpringApplication(LedgerApplication.class);
        application.addPrimarySources(List.of(more));
        return new TestServer(application.run(arguments.toArray(String[]::new)), directory);
    }

    /** One with the standard settings, for every test that needs no other; it ends with the Java machine. */
    public static TestServer shared() {
        return Shared.SERVER;
    }

    /** Loaded when it is first asked for. */
    private static final class Shared {

        static final TestServer SERVER = start(Map.of());

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("ledger-http-test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port it listens on, at 127.0.0.1. */
    public int port() {
        return port;
    }

    /** A bean of the application. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** A key of a merchant of its own that may read and write. */
    public Caller merchant() {
        return key("merchant " + merchants.incrementAndGet(), Kind.READ_WRITE);
    }

    /** Makes a key; without a rate. */
    public Caller key(String merchant, Kind kind) {
        return key(merchant, kind, null);
    }

    /** Makes a key. */
    public Caller key(String merchant, Kind kind, @Nullable Integer ratePerSecond) {
        return new Caller(bean(KeyRegister.class)
                .create(merchant, "test", kind, ratePerSecond)
                .text());
    }

    /** Somebody without a key. */
    public Caller nobody() {
        return new Caller(null);
    }

    @Override
    public void close() {
        context.close();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who calls. */
    public final class Caller {

        private final @Nullable String credentials;

        private Caller(@Nullable String credentials) {
            this.credentials = credentials;
        }

        /** The public part of the key. */
        public String key() {
            return String.valueOf(credentials).split(":", 2)[0];
        }

        /** The header of these credentials, its line end included; empty without any. */
        public String authorization() {
            return credentials == null ? "" : "Authorization: " + basic() + "\r\n";
        }

        private String basic() {
            return "Basic "
                    + Base64.getEncoder()
                            .encodeToString(String.valueOf(credentials).getBytes(StandardCharsets.UTF_8));
        }

        /** GET. */
        public Reply get(String target, String... headers) {
            return send("GET", target, null, headers);
        }

        /** POST of JSON. */
        public Reply post(String target, String body, String... headers) {
            return send(
                    "POST",
                    target,
                    body.getBytes(StandardCharsets.UTF_8),
                    Stream.concat(Stream.of("Content-Type", "application/json"), Stream.of(headers))
                            .toArray(String[]::new));
        }

        /** Any request; headers are names and values by turns. */
        public Reply send(String method, String target, byte @Nullable [] body, String... headers) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
            if (credentials != null) {
                request.header("Authorization", basic());
            }
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            try {
                HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
                return new Reply(response.statusCode(), response.headers().map(), response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}

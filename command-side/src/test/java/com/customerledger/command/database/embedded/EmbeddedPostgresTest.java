package com.customerledger.command.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresTest {

    private static final ServerSettings SETTINGS =
            new ServerSettings(null, true, TestPostgres.sharedBinariesDirectory());
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);

    /** A data directory with a database, for the tests that do not look at a first start. */
    private static Path existing = Path.of("");

    private Path temporary = Path.of("");
    private Path path = Path.of("");

    @BeforeAll
    static void makeADatabase() throws IOException {
        existing = Files.createTempDirectory("ledger-embedded-");
        try (DataDirectory data = DataDirectory.openForServe(existing)) {
            EmbeddedPostgres.start(data, SETTINGS).close();
        }
    }

    @AfterAll
    static void removeTheDatabase() throws IOException {
        FileAccess.deleteTree(existing);
    }

    @BeforeEach
    void makeADirectoryThatOthersCannotEnter() throws IOException {
        temporary = Files.createTempDirectory("ledger-embedded-");
        path = temporary.resolve("closed").resolve("data");
        Files.createDirectory(
                path.resolveSibling(""),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @AfterEach
    void removeIt() throws IOException {
        FileAccess.deleteTree(temporary);
    }

    @Test
    void aFirstStartMakesADurableDatabaseOnLoopbackThatOnlyItsRolesCanUse() throws Exception {
        try (DataDirectory data = DataDirectory.openForServe(path);
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS)) {
            assertThat(postgres.isRunning()).isTrue();
            assertThat(permissions(path)).isEqualTo("rwx------");
            assertThat(permissions(path.resolve("database.properties"))).isEqualTo("rw-------");
            assertThat(permissions(path.resolve("postgresql.credentials"))).isEqualTo("rw-------");
            assertThat(Files.readString(path.resolve("database.properties")))
                    .contains(
                            "url=" + postgres.access().jdbcUrl(),
                            postgres.access().application().password());
            assertThat(FileAccess.of(Path.of("/proc/" + postgres.serverPid())).uid())
                    .isNotZero();
            for (String name : List.of("fsync", "full_page_writes", "synchronous_commit", "data_checksums")) {
                assertThat(ask(postgres, "SHOW " + name)).as(name).isEqualTo("on");
            }
            assertThat(ask(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            try (Connection superuser = LedgerDatabase.connect(port(postgres), postgres.superuser())) {
                assertThat(ask(superuser, "SHOW unix_socket_directories")).isEmpty();
            }
            assertThat(ask(postgres, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(ask(postgres, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'ledger'"))
                    .isEqualTo("ledger_owner");
            assertThatThrownBy(
                            () -> DriverManager.getConnection(postgres.access().jdbcUrl(), "ledger_owner", "guess"))
                    .hasMessageContaining("password authentication failed");
            assertThat(postgres.access().toString())
                    .doesNotContain(postgres.access().owner().password());
        }
        assertThat(path.resolve("database.properties")).doesNotExist();
        assertThat(new PostgresProcesses(path.resolve("postgresql")).living()).isEmpty();
    }

    @Test
    void aLaterStartFindsTheDataAndAServerThatIsKilledComesBackWithIt() throws Exception {
        try (DataDirectory data = DataDirectory.openForServe(existing)) {
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS)) {
                execute(postgres, "CREATE SCHEMA kept CREATE TABLE t (v int)");
                execute(postgres, "INSERT INTO kept.t VALUES (1)");
            }
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS)) {
                execute(postgres, "INSERT INTO kept.t VALUES (2)");
                String url = postgres.access().jdbcUrl();
                long killed = postgres.serverPid();

                kill(killed);

                await().atMost(WAIT_MAX).until(() -> postgres.isRunning() && postgres.serverPid() != killed);
                assertThat(ask(postgres, "SELECT sum(v) FROM kept.t")).isEqualTo("3");
                assertThat(postgres.access().jdbcUrl()).isEqualTo(url);
            }
        }
    }

    @Test
    void aServerComesBackThoughABackendOfItsPredecessorHangs() throws Exception {
        try (DataDirectory data = DataDirectory.openForServe(existing);
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS);
                Connection connection = connect(postgres)) {
            long killed = postgres.serverPid();
            long backend = Long.parseLong(ask(connection, "SELECT pg_backend_pid()"));
            PostgresProcesses.signal(ProcessHandle.of(backend).orElseThrow(), "STOP");

            kill(killed);

            await().atMost(WAIT_MAX).until(() -> postgres.isRunning() && postgres.serverPid() != killed);
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    @SuppressWarnings("try") // Closed early on purpose: that is what is looked at.
    void closingEndsAServerThatIsBusyForAClient() throws Exception {
        try (DataDirectory data = DataDirectory.openForServe(existing);
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS);
                Connection connection = connect(postgres)) {
            CompletableFuture<Boolean> query = CompletableFuture.supplyAsync(() -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.execute("SELECT pg_sleep(600)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().atMost(WAIT_MAX)
                    .until(() -> ask(postgres, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                            .equals("1"));

            postgres.close();

            assertThat(postgres.isRunning()).isFalse();
            assertThat(new PostgresProcesses(existing.resolve("postgresql")).living())
                    .isEmpty();
            assertThat(query).failsWithin(WAIT_MAX);
        }
    }

    @Test
    void aKilledJvmLeavesNothingThatStopsTheNextStart() throws Exception {
        try (LedgerJvm jvm = LedgerJvm.start(existing)) {
            long server = jvm.awaitReady();
            assertThat(session(server)).isNotEqualTo(session(jvm.pid()));

            jvm.kill();

            try (DataDirectory data = DataDirectory.openForServe(existing);
                    EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS)) {
                assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void aServerThatOutlivedItsLedgerIsStopped() throws Exception {
        try (DataDirectory data = DataDirectory.openForServe(existing)) {
            Launcher launcher = Launcher.forUser(OsUser.forServer(null, Cluster.pathIn(data)));
            Postmaster left = Postmaster.launch(
                    PostgresBinaries.unpackedFor(launcher, TestPostgres.sharedBinariesDirectory(), List.of()),
                    launcher,
                    SETTINGS,
                    Cluster.pathIn(data),
                    new ServerLog(existing.resolve("postgres.log")),
                    FreePort.pick());
            assertThat(left.awaitReady(() -> false)).isTrue();

            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS)) {
                assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
                assertThat(left.isAlive()).isFalse();
            }
        }
    }

    @Test
    void aNumberOfAnotherProcessInTheClustersPidFileDoesNotStopAStart() throws Exception {
        try (DataDirectory data = DataDirectory.openForServe(existing)) {
            Files.writeString(
                    existing.resolve("postgresql/postmaster.pid"),
                    "%d%n/proc/self/cwd%n1%n5432%n%n127.0.0.1%n1 1%nready%n"
                            .formatted(ProcessHandle.current().pid()));

            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS)) {
                assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void aFirstStartThatIsKilledAtAnyMomentIsMadeGoodByTheNext() throws Exception {
        Path binaries = Files.createDirectory(temporary.resolve("binaries"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(binaries, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<Callable<Boolean>> moments = List.of(
                () -> exists(binaries, "customer-ledger-unpacking-*"),
                () -> exists(path, "postgresql.new-*"),
                () -> exists(path, "postgresql.new-*/PG_VERSION"),
                () -> Files.exists(path.resolve("postgresql")),
                () -> Files.exists(path.resolve("postgresql/postmaster.pid")),
                () -> exists(path, ".database.properties.tmp") || Files.exists(path.resolve("database.properties")));
        String unpackedHere = binaries.toString();
        String unpackedAlready = TestPostgres.sharedBinariesDirectory().toString();
        for (Callable<Boolean> moment : moments) {
            String programs = moment == moments.get(0) ? unpackedHere : unpackedAlready;
            try (LedgerJvm jvm = LedgerJvm.start(
                    List.of(),
                    System.getProperty("java.class.path"),
                    temporary,
                    Map.of(),
                    List.of(),
                    List.of(path.toString(), programs))) {
                await().atMost(WAIT_MAX)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(moment);
                assertThat(jvm.isAlive()).isTrue();
                jvm.kill();
            }
        }

        try (DataDirectory data = DataDirectory.openForServe(path);
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS)) {
            assertThat(ask(postgres, "SELECT current_user")).isEqualTo("ledger_owner");
            assertThat(exists(path, "postgresql.{new,input}-*")).isFalse();
        }
    }

    @Test
    void aDatabaseOfAnotherMajorVersionIsRefused() throws Exception {
        Files.createDirectories(path.resolve("postgresql"));
        Files.writeString(path.resolve("postgresql/PG_VERSION"), "17\n");

        try (DataDirectory data = DataDirectory.openForServe(path)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(data, SETTINGS))
                    .isInstanceOf(EmbeddedDatabaseException.class)
                    .hasMessageContaining("PostgreSQL 17")
                    .hasMessageContaining("ships PostgreSQL 18");
        }
    }

    @Test
    void aLostPasswordOfTheSuperuserIsReplaced() throws Exception {
        try (DataDirectory data = DataDirectory.openForServe(existing)) {
            Files.delete(existing.resolve("postgresql.credentials"));

            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS)) {
                assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void theLogHoldsNothingThatAStatementHeld() throws Exception {
        try (DataDirectory data = DataDirectory.openForServe(existing);
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS)) {
            execute(postgres, "CREATE SCHEMA secret CREATE TABLE t (v text UNIQUE)");
            execute(postgres, "INSERT INTO secret.t VALUES ('Thandi Nkosi')");
            assertThatThrownBy(() -> execute(postgres, "INSERT INTO secret.t VALUES ('Thandi Nkosi')"))
                    .hasMessageContaining("Thandi Nkosi");
            assertThatThrownBy(() -> execute(postgres, "SELECT 'Thandi Nkosi'::int"))
                    .hasMessageContaining("Thandi Nkosi");
        }
        assertThat(Files.readString(existing.resolve("postgres.log")))
                .contains("ready to accept connections")
                .doesNotContain("Thandi");
    }

    @Test
    void anOrdinaryUserStartsItInAnyLocaleTimeZoneAndDirectory() throws Exception {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        String classPath = LedgerJvm.classPathReadableByAll(temporary);
        Path home = Files.createDirectory(temporary.resolve("nobody's home"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        boolean root = OsUser.current().isRoot();
        List<String> asNobody = List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--");
        try (LedgerJvm jvm = LedgerJvm.start(
                root ? asNobody : List.of(),
                classPath,
                home,
                Map.of(
                        "LC_ALL", "tr_TR.UTF-8",
                        "LANG", "no such locale",
                        "TZ", "Asia/Kathmandu",
                        "PGDATA", "/nowhere",
                        "PGPORT", "1",
                        "PGOPTIONS", "-c fsync=off"),
                List.of("-Duser.language=tr", "-Duser.timezone=Asia/Kathmandu"),
                List.of("data/below"))) {
            long server = jvm.awaitReady();
            FileAccess access = FileAccess.of(Path.of("/proc", Long.toString(server)));
            assertThat(access.uid()).isEqualTo(root ? 65534 : OsUser.current().uid());
            assertThat(exists(home, "data/below/customer-ledger-postgresql-*")).isTrue();
        }
    }

    @Test
    void rootRunsAnExistingDatabaseAsItsOwner() throws Exception {
        assumeThat(OsUser.current().isRoot()).isTrue();
        try (DataDirectory data = DataDirectory.openForServe(existing)) {
            ServerSettings asNobody = new ServerSettings("65534", true, TestPostgres.sharedBinariesDirectory());
            EmbeddedPostgres.start(data, asNobody).close();

            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SETTINGS)) {
                assertThat(FileAccess.of(Path.of("/proc/" + postgres.serverPid()))
                                .uid())
                        .isEqualTo(65534);
            }
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        DatabaseAccess access = postgres.access();
        return DriverManager.getConnection(
                access.jdbcUrl(), access.owner().user(), access.owner().password());
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres)) {
            return ask(connection, sql);
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static int port(EmbeddedPostgres postgres) {
        return Integer.parseInt(postgres.access().jdbcUrl().replaceAll(".*:([0-9]+)/.*", "$1"));
    }

    private static void kill(long pid) {
        PostgresProcesses.signal(ProcessHandle.of(pid).orElseThrow(), "KILL");
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static String session(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3];
    }

    /** Whether a file is there; each part of the path may be a pattern. */
    private static boolean exists(Path directory, String pattern) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        String[] parts = pattern.split("/", 2);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, parts[0])) {
            for (Path entry : entries) {
                if (parts.length == 1 || exists(entry, parts[1])) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException | DirectoryIteratorException e) {
            // It was renamed or removed under our eyes; the next look tells.
            return false;
        }
    }
}

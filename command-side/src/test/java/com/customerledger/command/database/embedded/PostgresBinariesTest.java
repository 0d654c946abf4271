package com.customerledger.command.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresBinariesTest {

    private final Launcher launcher = Launcher.forUser(OsUser.forServer(null, Path.of("/nonexistent")));
    private Path place = Path.of("");

    @BeforeEach
    void makeAPlace() throws IOException {
        place = Files.createTempDirectory("ledger-binaries-");
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void removeIt() throws IOException {
        FileAccess.deleteTree(place);
    }

    @Test
    void manyMayUnpackAtOnceAndOneResultStaysThatIsRepairedWhenItIsDamaged() throws Exception {
        List<CompletableFuture<PostgresBinaries>> all = Stream.generate(() ->
                        CompletableFuture.supplyAsync(() -> PostgresBinaries.unpackedFor(launcher, place, List.of())))
                .limit(2)
                .toList();
        PostgresBinaries binaries = all.get(0).join();
        assertThat(all).allSatisfy(each -> assertThat(each.join()).isEqualTo(binaries));
        assertThat(binaries.major()).isEqualTo("18");
        assertThat(entries()).containsExactly(binaries.directory());

        Path lost = binaries.directory().resolve("share/postgresql/postgres.bki");
        Files.delete(lost);
        assertThat(PostgresBinaries.unpackedFor(launcher, place, List.of())).isEqualTo(binaries);
        assertThat(lost).isNotEmptyFile();
        assertThat(entries()).containsExactly(binaries.directory());
    }

    @Test
    void aPlaceThatTheServersUserCannotEnterOrThatOthersCanChangeIsPassedOver() throws Exception {
        assumeThat(OsUser.current().isRoot()).isTrue();
        Path closed = Files.createDirectory(place.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        Path open = Files.createDirectory(place.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> PostgresBinaries.unpackedFor(launcher, closed, List.of(open)))
                .isInstanceOf(EmbeddedDatabaseException.class)
                .hasMessageContaining("cannot enter it")
                .hasMessageContaining("others can replace its entries");
        Path trusted = TestPostgres.sharedBinariesDirectory();
        assertThat(PostgresBinaries.unpackedFor(launcher, closed, List.of(open, trusted))
                        .directory())
                .hasParent(trusted);
    }

    @Test
    void whatSomebodyElsePutUnderItsNameIsNotUsed() throws Exception {
        assumeThat(OsUser.current().isRoot()).isTrue();
        Path name = PostgresBinaries.unpackedFor(launcher, TestPostgres.sharedBinariesDirectory(), List.of())
                .directory()
                .getFileName();
        Path foreign = Files.createDirectory(place.resolve(name));
        Files.setAttribute(foreign, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);

        PostgresBinaries second = PostgresBinaries.unpackedFor(launcher, place, List.of());

        assertThat(second.directory()).isNotEqualTo(foreign).hasParent(place);
        assertThat(FileAccess.of(second.directory()).uid()).isZero();
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(place)) {
            return entries.toList();
        }
    }
}

package com.customerledger.command.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.command.database.embedded.DatabaseAccess;
import com.customerledger.command.database.embedded.TestPostgres;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.database.LedgerDatabase.Role;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class WritePoolTest {

    private static final String TAKES_THREE_MEBIBYTES = "SELECT octet_length(repeat(' ', 3 * 1024 * 1024))";

    // What glibc does with freed memory, seen where Linux shows what a process has.
    @Test
    @EnabledOnOs(OS.LINUX)
    void aSessionKeepsTheMemoryThatATransactionGaveBack() throws Exception {
        DatabaseAccess access = TestPostgres.newDatabase();
        Role role = new Role(access.application().user(), access.application().password());
        LedgerDatabase database = new LedgerDatabase(access.jdbcUrl(), role, role, false);

        try (HikariDataSource pool = WritePool.open(database, 1, 10_000, 10_000);
                Connection pooled = pool.getConnection();
                Connection other = DriverManager.getConnection(database.url(), role.user(), role.password())) {
            assertThat(kilobytesAfterABatch(pooled) - kilobytesAfterABatch(other))
                    .isGreaterThan(2_048);
        }
    }

    /** What the session's process has for itself when it has freed what a statement took. */
    private static long kilobytesAfterABatch(Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(TAKES_THREE_MEBIBYTES);
            try (ResultSet process = statement.executeQuery("SELECT pg_backend_pid()")) {
                process.next();
                Path status = Path.of("/proc", process.getString(1), "status");
                String line = Files.readAllLines(status).stream()
                        .filter(each -> each.startsWith("RssAnon:"))
                        .findFirst()
                        .orElseThrow();
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
    }
}

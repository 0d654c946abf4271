package com.customerledger.command.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestPostgresTest {

    @Test
    void eachDatabaseIsItsOwnersAndStartsEmpty() throws SQLException {
        DatabaseAccess first = TestPostgres.newDatabase();
        DatabaseAccess second = TestPostgres.newDatabase();

        assertThat(first.jdbcUrl()).isNotEqualTo(second.jdbcUrl());
        for (DatabaseAccess access : new DatabaseAccess[] {first, second}) {
            try (Connection owner = connect(access, access.owner());
                    Statement statement = owner.createStatement()) {
                statement.execute("CREATE SCHEMA things");
                statement.execute("CREATE TABLE things.thing (id int)");
            }
        }
    }

    @Test
    void theApplicationMakesNoSchema() throws SQLException {
        DatabaseAccess access = TestPostgres.newDatabase();
        try (Connection application = connect(access, access.application());
                Statement statement = application.createStatement()) {
            assertThatThrownBy(() -> statement.execute("CREATE SCHEMA things"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    private static Connection connect(DatabaseAccess access, Credentials as) throws SQLException {
        return DriverManager.getConnection(access.jdbcUrl(), as.user(), as.password());
    }
}

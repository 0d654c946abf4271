package com.customerledger.command.database.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Makes the ledger's roles and databases in a running server, as its superuser. Each step may find its work done already. */
final class LedgerDatabase {

    static final String NAME = "ledger";
    static final String OWNER = "ledger_owner";
    static final String APPLICATION = "ledger_app";

    private LedgerDatabase() {}

    static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    /** Connects as the superuser to the database that is there from the beginning. */
    static Connection connect(int port, Credentials superuser) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", superuser.user());
        properties.setProperty("password", superuser.password());
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("ApplicationName", "ledger start");
        return DriverManager.getConnection(url(port, "postgres"), properties);
    }

    /** Makes a role where it is missing, and gives it its password. */
    static void ensureRole(Connection connection, Credentials role) throws SQLException {
        if (!exists(connection, "SELECT FROM pg_roles WHERE rolname = ?", role.user())) {
            execute(connection, "CREATE ROLE %s LOGIN".formatted(role.user()));
        }
        execute(connection, "ALTER ROLE %s PASSWORD '%s'".formatted(role.user(), role.password()));
    }

    /** Makes a database of the owner's, where it is missing, that the application may connect to. */
    static void ensureDatabase(Connection connection, String name) throws SQLException {
        if (!exists(connection, "SELECT FROM pg_database WHERE datname = ?", name)) {
            execute(connection, "CREATE DATABASE %s OWNER %s".formatted(name, OWNER));
        }
        execute(connection, "REVOKE ALL ON DATABASE %s FROM PUBLIC".formatted(name));
        execute(connection, "GRANT CONNECT, TEMPORARY ON DATABASE %s TO %s".formatted(name, APPLICATION));
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

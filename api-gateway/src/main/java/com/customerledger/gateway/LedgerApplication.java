package com.customerledger.gateway;

import com.customerledger.gateway.commands.LedgerCommand;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/**
 * The process: the gateway and, by auto-configuration, the sides that it is started with. Each side makes its own
 * connections and its own schema, so Boot's single data source is left out; and no user of Boot's making may log in.
 */
@SpringBootApplication(
        exclude = {
            DataSourceAutoConfiguration.class,
            DataSourceTransactionManagerAutoConfiguration.class,
            FlywayAutoConfiguration.class,
            JdbcClientAutoConfiguration.class,
            JdbcTemplateAutoConfiguration.class,
            UserDetailsServiceAutoConfiguration.class
        })
public class LedgerApplication {

    /** Runs one {@code ledger} command, {@code serve} among them, and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(LedgerCommand.run(LedgerApplication.class, args));
    }
}

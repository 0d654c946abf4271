package com.customerledger.command.database;

import com.customerledger.events.database.LedgerDatabase;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The ledger's database, for servers and for short-lived commands. */
@AutoConfiguration
@EnableConfigurationProperties(DatabaseSettings.class)
public class DatabaseAutoConfiguration {

    @Bean(destroyMethod = "close")
    OpenDatabase openDatabase(DatabaseSettings settings, ObjectProvider<DatabaseOpening> opening) {
        DatabaseOpening begun = opening.getIfAvailable();
        return begun == null ? OpenDatabase.open(settings) : begun.await();
    }

    @Bean
    LedgerDatabase ledgerDatabase(OpenDatabase openDatabase) {
        return openDatabase.database();
    }

    @Bean(destroyMethod = "close")
    FixedTables fixedTables(LedgerDatabase ledgerDatabase) {
        return new FixedTables(ledgerDatabase);
    }
}

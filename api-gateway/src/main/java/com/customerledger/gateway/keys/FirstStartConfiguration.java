package com.customerledger.gateway.keys;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.gateway.settings.DataDirectory;
import com.customerledger.gateway.settings.LedgerSettings;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A server, unlike a command, begins with somebody who can use it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(LedgerSettings.SERVE)
class FirstStartConfiguration {

    /** Before the servers listen, so that whoever can ask finds everything in place. */
    @Bean
    SmartInitializingSingleton firstStart(LedgerDatabase database, GatewayDatabase gateway, DataDirectory directory) {
        return () -> {
            // Whoever brings a database of their own makes the keys for it.
            if (database.embedded()) {
                new FirstStart(gateway, directory, System.out).end();
            }
        };
    }
}

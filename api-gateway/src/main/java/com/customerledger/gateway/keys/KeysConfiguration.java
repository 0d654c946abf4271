package com.customerledger.gateway.keys;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.database.LedgerDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Keys, on whatever database the ledger is stored in. */
@Configuration(proxyBeanMethods = false)
public class KeysConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(KeysConfiguration.class);

    @Bean
    GatewayDatabase gatewayDatabase(LedgerDatabase database) {
        GatewayDatabase gateway = new GatewayDatabase(database);
        try {
            gateway.prepare();
        } catch (UnavailableException notYet) {
            // Every use tries again, and is refused until one succeeds.
            LOG.warn("{}", notYet.getMessage());
        }
        return gateway;
    }

    @Bean
    ApiKeys apiKeys(GatewayDatabase database) {
        return new ApiKeys(database);
    }

    @Bean
    KeyNames keyNames(GatewayDatabase database) {
        return new KeyNames(database);
    }

    @Bean
    KeysProbe keysHealthIndicator(GatewayDatabase database) {
        return new KeysProbe(database);
    }

    @Bean
    KeyRegister keyRegister(GatewayDatabase database) {
        return new KeyRegister(database);
    }
}

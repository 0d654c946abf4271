package com.customerledger.gateway.health;

import com.customerledger.events.command.WritesHealth;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.query.SealHealth;
import com.customerledger.events.query.ViewsHealth;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a node's health is made of. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

    @Bean
    DatabaseProbe databaseHealthIndicator(LedgerDatabase database) {
        return new DatabaseProbe(database);
    }

    @Bean
    ViewsProbe viewsHealthIndicator(ObjectProvider<ViewsHealth> states) {
        return new ViewsProbe(states);
    }

    @Bean
    WritesProbe writesHealthIndicator(ObjectProvider<WritesHealth> states) {
        return new WritesProbe(states);
    }

    @Bean
    SealProbe sealHealthIndicator(ObjectProvider<SealHealth> seals) {
        return new SealProbe(seals);
    }

    @Bean
    Readiness readiness(HealthEndpoint endpoint) {
        return new Readiness(endpoint);
    }
}

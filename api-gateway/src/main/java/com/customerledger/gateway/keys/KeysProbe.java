package com.customerledger.gateway.keys;

import com.customerledger.events.UnavailableException;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether keys can be asked for: after a start without a database not before the tables are there. Thread-safe. */
final class KeysProbe extends AbstractHealthIndicator {

    private final GatewayDatabase database;

    KeysProbe(GatewayDatabase database) {
        super("Keys can't be asked for");
        this.database = database;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        try {
            database.prepare();
            if (database.connected()) {
                health.up();
            } else {
                health.down().withDetail("reason", "no connection to the database yet");
            }
        } catch (UnavailableException notYet) {
            health.down().withDetail("reason", String.valueOf(notYet.getMessage()));
        }
    }
}

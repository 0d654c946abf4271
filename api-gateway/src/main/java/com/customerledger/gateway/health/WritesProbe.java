package com.customerledger.gateway.health;

import com.customerledger.events.command.WritesHealth;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether writes are taken. Thread-safe. */
final class WritesProbe extends AbstractHealthIndicator {

    private final ObjectProvider<WritesHealth> states;

    WritesProbe(ObjectProvider<WritesHealth> states) {
        super("The write side's state can't be told");
        this.states = states;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        // A node without the write side has none.
        List<String> troubles =
                states.stream().flatMap(each -> each.troubles().stream()).toList();
        if (troubles.isEmpty()) {
            health.up();
        } else {
            health.down().withDetail("troubles", troubles);
        }
    }
}

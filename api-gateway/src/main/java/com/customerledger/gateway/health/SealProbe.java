package com.customerledger.gateway.health;

import com.customerledger.events.query.SealHealth;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * How the signing of the seal's heads is. A ledger that can't sign answers every call all the same, so this is for
 * operators to read and turns nothing DOWN. Thread-safe.
 */
final class SealProbe extends AbstractHealthIndicator {

    private final ObjectProvider<SealHealth> seals;

    SealProbe(ObjectProvider<SealHealth> seals) {
        super("The seal's state can't be told");
        this.seals = seals;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        // A node without the read side has none.
        List<SealHealth.State> states = seals.stream().map(SealHealth::state).toList();
        for (SealHealth.State state : states) {
            health.withDetail("signsHere", state.signing());
            if (state.trouble() != null) {
                health.withDetail("trouble", state.trouble());
            }
            if (state.signedAt() != null) {
                health.withDetail("epoch", state.epoch());
                health.withDetail("headSize", state.size());
                health.withDetail("headSignedAt", state.signedAt().toString());
            }
        }
    }
}

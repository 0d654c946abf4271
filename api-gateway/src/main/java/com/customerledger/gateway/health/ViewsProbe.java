package com.customerledger.gateway.health;

import com.customerledger.events.query.ViewsHealth;
import com.customerledger.events.query.ViewsHealth.ViewHealth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the views keep up or catch up. One that stands still is trouble; one that is behind is not. Thread-safe. */
final class ViewsProbe extends AbstractHealthIndicator {

    private final ObjectProvider<ViewsHealth> states;

    ViewsProbe(ObjectProvider<ViewsHealth> states) {
        super("The views' states can't be told");
        this.states = states;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        List<String> troubles =
                states.stream().flatMap(each -> each.troubles().stream()).toList();
        if (troubles.isEmpty()) {
            health.up();
        } else {
            health.down().withDetail("troubles", troubles);
        }
        // A node without the read side has none.
        for (ViewHealth view :
                states.stream().flatMap(each -> each.views().stream()).toList()) {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("generation", view.generation());
            details.put("ownedHere", view.ownedHere());
            details.put("position", view.position());
            details.put("head", view.head());
            details.put("lagEvents", view.lagEvents());
            details.put("lagMs", view.lagMillis());
            details.put("parkedEvents", view.parkedEvents());
            if (view.trouble() != null) {
                details.put("trouble", view.trouble());
            }
            health.withDetail(view.view(), details);
        }
    }
}

package com.customerledger.gateway.health;

import com.customerledger.events.query.ViewStates;
import com.customerledger.events.query.ViewStates.ViewState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the views keep up or catch up. One that stands still is trouble; one that is behind is not. Thread-safe. */
final class ViewsProbe extends AbstractHealthIndicator {

    private final ObjectProvider<ViewStates> states;

    ViewsProbe(ObjectProvider<ViewStates> states) {
        super("The views' states can't be told");
        this.states = states;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        // A node without the read side has none.
        for (ViewState view :
                states.stream().flatMap(each -> each.views().stream()).toList()) {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("position", view.position());
            details.put("lagMs", view.lagMillis());
            if (view.trouble() != null) {
                details.put("trouble", view.trouble());
                health.down();
            }
            health.withDetail(view.name(), details);
        }
    }
}

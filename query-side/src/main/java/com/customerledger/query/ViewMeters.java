package com.customerledger.query;

import com.customerledger.events.query.ViewsHealth;
import com.customerledger.events.query.ViewsHealth.ViewHealth;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Shows how far each view is behind, and whether this node fills it. Thread-safe. */
final class ViewMeters implements MeterBinder {

    private final ViewsHealth health;
    private final List<String> views;

    ViewMeters(ViewsHealth health, List<String> views) {
        this.health = health;
        this.views = views;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String view : views) {
            gauge(
                    registry,
                    view,
                    "ledger.view.lag.events",
                    "Events yet to be seen, counted to 10,000",
                    ViewHealth::lagEvents);
            gauge(
                    registry,
                    view,
                    "ledger.view.lag.seconds",
                    "Age of the oldest event yet to be seen",
                    each -> each.lagMillis() / 1e3);
            gauge(
                    registry,
                    view,
                    "ledger.view.parked.events",
                    "Events that are parked, and those that wait behind them",
                    ViewHealth::parkedEvents);
            gauge(
                    registry,
                    view,
                    "ledger.view.owned",
                    "1 where this node fills the view",
                    each -> each.ownedHere() ? 1 : 0);
        }
    }

    private void gauge(
            MeterRegistry registry, String view, String name, String description, ToDoubleFunction<ViewHealth> value) {
        Gauge.builder(name, health, views -> value(views, view, value))
                .description(description)
                .tag("view", view)
                .register(registry);
    }

    private static double value(ViewsHealth health, String view, ToDoubleFunction<ViewHealth> value) {
        return health.views().stream()
                .filter(each -> each.view().equals(view))
                .mapToDouble(value)
                .findAny()
                .orElse(Double.NaN);
    }
}

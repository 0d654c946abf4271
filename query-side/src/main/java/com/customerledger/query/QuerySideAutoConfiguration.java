package com.customerledger.query;

import com.customerledger.events.Handover;
import com.customerledger.events.HeadSignal;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.query.customers.CustomerReads;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.history.FeedReads;
import com.customerledger.query.history.HistoryReads;
import com.customerledger.query.seal.HeadSigner;
import com.customerledger.query.seal.SealSettings;
import com.customerledger.query.seal.export.SealReads;
import com.customerledger.query.statistics.StatisticsReads;
import com.customerledger.query.tail.WriteBound;
import com.customerledger.query.view.View;
import com.customerledger.query.view.Views;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.FilterType;

/** Switches the read side on, on a node that serves and has the role {@code query}. */
@AutoConfiguration(afterName = "com.customerledger.command.database.DatabaseAutoConfiguration")
@ConditionalOnBooleanProperty("ledger.serve")
@Conditional(QueryRole.class)
@EnableConfigurationProperties({QuerySettings.class, SealSettings.class})
// Views are found by what they are, so that one more is one more class and no line anywhere else.
@ComponentScan(
        useDefaultFilters = false,
        includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = View.class))
public class QuerySideAutoConfiguration {

    @Bean(destroyMethod = "close")
    QueryDatabase queryDatabase(LedgerDatabase database, QuerySettings settings) {
        return new QueryDatabase(
                database,
                settings.read().connectionsMax(),
                settings.list().streamsMax(),
                Duration.ofMillis(settings.read().waitMaxMs()));
    }

    @Bean
    Views views(LedgerDatabase ledger, QueryDatabase database, List<View> views, QuerySettings settings) {
        return new Views(
                database,
                new ViewsMigration(ledger),
                views,
                settings.timeZone(),
                Duration.ofMillis(settings.views().pollMs()),
                Duration.ofMillis(settings.read().waitMaxMs()));
    }

    @Bean
    HeadSignal headSignal(Views views) {
        return views.headSignal();
    }

    @Bean
    Handover handover(Views views) {
        return views.handover();
    }

    @Bean
    CustomerReads customerReads(QueryDatabase database, Views views, QuerySettings settings) {
        return new CustomerReads(
                database,
                views.freshness(),
                new WriteBound(
                        database,
                        Clock.systemUTC(),
                        Duration.ofMillis(settings.write().transactionMaxMs()),
                        Duration.ofMillis(settings.read().waitMaxMs())),
                settings.timeZone(),
                settings.list().streamsPerKeyMax(),
                Duration.ofMillis(settings.list().durationMaxMs()));
    }

    @Bean
    HistoryReads historyReads(QueryDatabase database, Views views) {
        return new HistoryReads(database, views.freshness());
    }

    @Bean
    FeedReads feedReads(QueryDatabase database, Views views) {
        return new FeedReads(database, views.freshness(), views.news());
    }

    @Bean
    StatisticsReads statisticsReads(QueryDatabase database, Views views) {
        return new StatisticsReads(database, views.freshness());
    }

    @Bean
    HeadSigner headSigner(QueryDatabase database, Views views, SealSettings settings) {
        return new HeadSigner(database, views::awaitMade, settings);
    }

    @Bean
    SealReads sealReads(QueryDatabase database, Views views, QuerySettings settings) {
        return new SealReads(
                database, views.freshness(), Duration.ofMillis(settings.read().waitMaxMs()));
    }

    @Bean
    MeterBinder viewMeters(Views views, List<View> all) {
        return new ViewMeters(views, all.stream().map(View::name).distinct().toList());
    }
}

package com.customerledger.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.HeadSignal;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.CustomerQueries;
import com.customerledger.events.query.ViewsHealth;
import com.customerledger.events.query.ViewsHealth.ViewHealth;
import com.customerledger.query.view.View;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class QuerySideAutoConfigurationTest {

    private final TestStore store = new TestStore();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QuerySideAutoConfiguration.class))
            .withBean(LedgerDatabase.class, store::database);

    @Test
    void aServingNodeAnswersAndFindsEveryViewByItself() {
        runner.withPropertyValues("ledger.serve=true", "ledger.read.wait-max-ms=30000")
                .run(context -> {
                    store.append(TestStore.created("cus_a", TestStore.START, "r"));

                    assertThat(context.getBean(CustomerQueries.class)
                                    .find(TestStore.MERCHANT, "cus_a", false, Consistency.STRONG))
                            .isPresent();
                    assertThat(context.getBeansOfType(View.class).values())
                            .extracting(View::name)
                            .contains("customer_list", "customer_versions", "payments");
                    assertThat(context.getBean(ViewsHealth.class).views())
                            .extracting(ViewHealth::view)
                            .contains("customer_list", "customer_versions", "payments");
                    assertThat(context).hasSingleBean(HeadSignal.class);
                });
    }

    @Test
    void ofTablesThatGrowWithTheEventsSmallSamplesAreTaken() {
        runner.withPropertyValues("ledger.serve=true", "ledger.read.wait-max-ms=30000")
                .run(context -> {
                    store.append(TestStore.created("cus_a", TestStore.START, "r"));
                    context.getBean(CustomerQueries.class).find(TestStore.MERCHANT, "cus_a", false, Consistency.STRONG);

                    assertThat(store.query("""
                                    SELECT attrelid::regclass::text
                                      FROM pg_attribute
                                      JOIN pg_class ON pg_class.oid = attrelid
                                     WHERE attnum > 0 AND NOT attisdropped AND relkind = 'r'
                                       AND relnamespace IN ('ledger'::regnamespace, 'views'::regnamespace,
                                                            'seal'::regnamespace)
                                     GROUP BY attrelid
                                    HAVING bool_and(attstattarget = 10)
                                    """))
                            .contains(
                                    "ledger.events",
                                    "ledger.reference_claims",
                                    "seal.leaves",
                                    "views.customer_list_1",
                                    "views.customer_versions_events_1",
                                    "views.customer_statistics_places_1",
                                    "views.payments_1");
                });
    }

    @Test
    void withoutTheRoleOrWithoutServingThereIsNoReadSide() {
        runner.withPropertyValues("ledger.serve=true", "ledger.roles=command")
                .run(context -> assertThat(context).doesNotHaveBean(CustomerQueries.class));
        runner.run(context -> assertThat(context).doesNotHaveBean(CustomerQueries.class));
    }
}

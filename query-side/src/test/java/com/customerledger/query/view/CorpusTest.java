package com.customerledger.query.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.customerledger.events.audit.ViewAudit;
import com.customerledger.events.audit.ViewAudit.Certificate;
import com.customerledger.events.audit.ViewAudit.Table;
import com.customerledger.events.audit.ViewAudit.WhatIf;
import com.customerledger.events.query.Consistency;
import com.customerledger.query.Corpus;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fixed history, golden files of old revisions included, through every view. */
class CorpusTest {

    private static final String GOLDEN = "cus_0123456789ABCDEFGHIJK";

    private final TestStore store = new TestStore();
    private final ViewAudit audit = new LedgerViewAudit();

    @Test
    void everyViewTakesEveryEventEverWritten() throws Exception {
        Corpus.store(store);
        List<View> views = RevisionsTest.views();
        try (TestNode node = new TestNode(store, views)) {
            node.views()
                    .freshness()
                    .admit(Consistency.STRONG, views.stream().map(View::name).toList());

            assertThat(node.views().troubles()).isEmpty();
            List<Certificate> certificates = audit.certify(store.database(), position -> {});
            assertThat(certificates).hasSameSizeAs(views).allSatisfy(each -> {
                assertThat(each.findings()).isEmpty();
                assertThat(each.parked()).isZero();
            });
            assertThat(certificates).extracting(Certificate::view).contains("seal", "customer_statistics");
        }
        // Archived in both revisions, at its creation and later, and restored.
        assertThat(store.query("SELECT status FROM views.customer_list_1 WHERE customer_id = '" + GOLDEN + "'"))
                .containsExactly("1");
        assertThat(store.query("SELECT count(*) FROM views.customer_versions_1 WHERE customer_id = '" + GOLDEN
                        + "' AND record::json ->> 'deleted_at' IS NOT NULL"))
                .containsExactly("5");
    }

    @Test
    void whatAViewWouldHoldIsSaidAndLeavesNothingBehind() throws Exception {
        Corpus.store(store);
        Instant end = Instant.now().minus(Duration.ofSeconds(10));
        List<String> tables = List.of("customer_statistics", "customer_statistics_places");

        WhatIf all = whatIf("customer_statistics", end);
        WhatIf early = whatIf("customer_statistics", Instant.parse("2024-12-31T00:00:00Z"));

        assertThat(all.tables()).extracting(Table::name).isEqualTo(tables);
        assertThat(whatIf("customer_statistics", end)).isEqualTo(all);
        assertThat(all.tables().get(1).rows()).isEqualTo(5);
        assertThat(early.tables().get(1).rows()).isEqualTo(1);
        assertThat(early.tables().get(1).digest())
                .isNotEqualTo(all.tables().get(1).digest());
        assertThat(whatIf("customer_statistics", Instant.EPOCH).events()).isZero();
        assertThat(store.query("SELECT relname FROM pg_class WHERE relname LIKE 'customer%'"))
                .isEmpty();
    }

    private WhatIf whatIf(String view, Instant asOf) {
        return audit.whatIf(store.database(), view, asOf, TestNode.ZONE, events -> {});
    }

    @Test
    void whatCannotBeFilledIsRefused() {
        Instant past = Instant.now().minus(Duration.ofMinutes(1));

        assertThatThrownBy(() -> whatIf("nothing", past)).hasMessageContaining("no view nothing");
        assertThatThrownBy(() -> whatIf("seal", past)).hasMessageContaining("never made anew");
        assertThatThrownBy(() -> whatIf("payments", Instant.now())).hasMessageContaining("may still come");
    }
}

-- Every statement of ours walks along an index, whatever its values, so a tenth of the usual sample is enough: ANALYZE
-- then reads 3,000 rows of a table that grows all day, not 30,000.
ALTER TABLE ledger.events
    ALTER position SET STATISTICS 10,
    ALTER event_id SET STATISTICS 10,
    ALTER aggregate_id SET STATISTICS 10,
    ALTER sequence SET STATISTICS 10,
    ALTER type SET STATISTICS 10,
    ALTER revision SET STATISTICS 10,
    ALTER occurred_at SET STATISTICS 10,
    ALTER payload SET STATISTICS 10,
    ALTER metadata SET STATISTICS 10;

ALTER TABLE ledger.reference_claims
    ALTER merchant_id SET STATISTICS 10,
    ALTER reference SET STATISTICS 10,
    ALTER customer_id SET STATISTICS 10;

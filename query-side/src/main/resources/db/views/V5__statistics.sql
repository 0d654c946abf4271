-- As of the ledger's tables: a small sample is enough for plans that walk along indexes.
ALTER TABLE seal.leaves
    ALTER leaf_index SET STATISTICS 10,
    ALTER position SET STATISTICS 10,
    ALTER number SET STATISTICS 10,
    ALTER merchant SET STATISTICS 10,
    ALTER hash SET STATISTICS 10;

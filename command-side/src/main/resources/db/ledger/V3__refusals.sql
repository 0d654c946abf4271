-- Fails the statement that calls it, with that SQLSTATE: what an append is refused with names no values, which a server's log
-- would keep.
CREATE FUNCTION ledger.refuse(state text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the write is refused' USING ERRCODE = state;
END
$$;

-- As whom a transaction of the control center asks: settings that `directory/barrier.py` makes.

CREATE FUNCTION engine.acting_organisations() RETURNS bigint[] LANGUAGE sql STABLE AS
    $$ SELECT coalesce(nullif(current_setting('mailcenter.organisations', true), ''), '{}')::bigint[] $$;

CREATE FUNCTION engine.acting(what text) RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT coalesce(nullif(current_setting('mailcenter.' || what, true), ''), '0')::bigint $$;
COMMENT ON FUNCTION engine.acting IS 'The id of who acts: user, mailbox, its domain, organisation; 0 is none.';

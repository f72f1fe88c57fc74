-- The questions that Postfix and Dovecot ask for every mail, as functions: PL/pgSQL plans a question once for each
-- connection. Asked of the view itself, each would be planned anew, which takes several times as long as its answer.
-- They run with the caller's rights and show nothing that he could not read in the view of the same name.

CREATE FUNCTION engine.ask_postfix_domain(wanted text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT name FROM engine.postfix_domain WHERE name = wanted;
END $$;

CREATE FUNCTION engine.ask_postfix_mailbox(wanted text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT address FROM engine.postfix_mailbox WHERE address = wanted;
END $$;

CREATE FUNCTION engine.ask_postfix_alias(wanted text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT destination FROM engine.postfix_alias WHERE address = wanted;
END $$;

CREATE FUNCTION engine.ask_dovecot_user(wanted text) RETURNS SETOF engine.dovecot_user LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT * FROM engine.dovecot_user WHERE address = wanted;
END $$;

REVOKE ALL ON FUNCTION
    engine.ask_postfix_domain(text), engine.ask_postfix_mailbox(text), engine.ask_postfix_alias(text),
    engine.ask_dovecot_user(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    engine.ask_postfix_domain(text), engine.ask_postfix_mailbox(text), engine.ask_postfix_alias(text) TO mc_postfix;
GRANT EXECUTE ON FUNCTION engine.ask_dovecot_user(text) TO mc_dovecot;

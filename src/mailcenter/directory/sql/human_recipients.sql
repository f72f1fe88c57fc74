-- postmaster and abuse of each domain reach somebody (RFC 5321 section 4.5.1, RFC 2142): where the directory has no such
-- address, or it is switched off, the host's postmaster. A catch-all comes first, but for what is switched off.

CREATE VIEW engine.postfix_human AS
    SELECT domain.name AS domain, human.name || '@' || domain.name AS address, 'postmaster'::text AS destination
    FROM engine.domain_form domain, (VALUES ('abuse'), ('postmaster')) human (name)
    WHERE domain.is_active
      AND NOT EXISTS (SELECT FROM engine.gate_recipient known
                      WHERE known.address = human.name || '@' || domain.name AND known.active)
      AND (domain.catch_all IS NULL
           OR EXISTS (SELECT FROM public.directory_address known WHERE known.address = human.name || '@' || domain.name));

GRANT SELECT ON engine.postfix_human TO mc_postfix;

-- As in mail_questions.sql. Postfix completes `postmaster` with the host's name.
CREATE OR REPLACE FUNCTION engine.ask_postfix_alias(wanted text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
    own text;
BEGIN
    IF octet_length(wanted) <> char_length(wanted) THEN
        wanted := convert_from(convert_to(wanted, 'LATIN1'), 'UTF8');
    END IF;
    IF wanted LIKE 'abuse@%' OR wanted LIKE 'postmaster@%' THEN
        SELECT destination INTO own FROM engine.postfix_human
        WHERE domain = split_part(wanted, '@', 2) AND address = wanted;
        IF FOUND THEN
            RETURN NEXT own;
            RETURN;
        END IF;
    END IF;
    SELECT destination INTO own FROM engine.postfix_own WHERE address = wanted;
    IF FOUND THEN
        RETURN NEXT own;
        RETURN;
    END IF;
    RETURN QUERY SELECT convert_from(convert_to(destination, 'UTF8'), 'LATIN1') FROM engine.postfix_alias
                 WHERE address = wanted;
END $$;

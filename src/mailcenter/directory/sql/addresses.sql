-- Keeps directory_address in step with mailboxes and aliases, whoever writes them, and tells the daemons that something changed.

CREATE FUNCTION directory_address_sync() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_mailbox boolean := TG_TABLE_NAME = 'directory_mailbox';
BEGIN
    IF TG_OP <> 'INSERT' THEN
        IF is_mailbox THEN
            DELETE FROM public.directory_address WHERE mailbox_id = OLD.id;
        ELSE
            DELETE FROM public.directory_address WHERE alias_id = OLD.id;
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO public.directory_address (address, domain_id, mailbox_id, alias_id)
        SELECT DISTINCT NEW.local_part || '@' || form.name, domain.id,
               CASE WHEN is_mailbox THEN NEW.id END, CASE WHEN NOT is_mailbox THEN NEW.id END
        FROM public.directory_domain domain, LATERAL (VALUES (domain.name), (domain.unicode_name)) form (name)
        WHERE domain.id = NEW.domain_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER directory_mailbox_address AFTER INSERT OR DELETE OR UPDATE OF domain_id, local_part ON directory_mailbox
    FOR EACH ROW EXECUTE FUNCTION directory_address_sync();
CREATE TRIGGER directory_alias_address AFTER INSERT OR DELETE OR UPDATE OF domain_id, local_part ON directory_alias
    FOR EACH ROW EXECUTE FUNCTION directory_address_sync();

-- Addresses, storage paths and the ledger all build on a domain's name, so it never changes.
CREATE FUNCTION directory_domain_keep_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the name of domain % cannot change', OLD.name USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER directory_domain_keep_name BEFORE UPDATE OF name, unicode_name ON directory_domain
    FOR EACH ROW WHEN (OLD.name <> NEW.name OR OLD.unicode_name <> NEW.unicode_name)
    EXECUTE FUNCTION directory_domain_keep_name();

CREATE FUNCTION directory_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('directory_changed', '');
    RETURN NULL;
END $$;

CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON directory_domain
    FOR EACH STATEMENT EXECUTE FUNCTION directory_notify();
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON directory_mailbox
    FOR EACH STATEMENT EXECUTE FUNCTION directory_notify();
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON directory_alias
    FOR EACH STATEMENT EXECUTE FUNCTION directory_notify();
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON directory_aliasdestination
    FOR EACH STATEMENT EXECUTE FUNCTION directory_notify();
-- Not on each login: last_login is none of the daemons' business.
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OF login, password, is_active OR DELETE OR TRUNCATE ON directory_user
    FOR EACH STATEMENT EXECUTE FUNCTION directory_notify();

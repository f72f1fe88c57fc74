-- Answers to reports are sent by the notices daemon: what it reads of a report, and what it notes about the sending.

CREATE FUNCTION directory_report_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('notice_wanted', '');
    RETURN NULL;
END $$;
CREATE TRIGGER directory_report_answered AFTER UPDATE OF mail_state ON directory_refusalreport
    FOR EACH ROW WHEN (NEW.mail_state = 'pending') EXECUTE FUNCTION directory_report_notify();

GRANT SELECT (id, reference, reporter_name, reporter_email, answer, language, mail_state, mail_tries, mail_due_at),
    UPDATE (mail_state, mail_tries, mail_due_at, mail_said) ON directory_refusalreport TO mc_notices;

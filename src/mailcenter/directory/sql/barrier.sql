-- Row-level security: what the control center sees as `mc_center` is what belongs to who acts, whatever it asks. Who acts
-- stands in settings of the transaction (`directory/barrier.py`); unset, it is nobody, who sees nothing. The owner of the
-- tables, and with him the daemons' views and functions, are not bound; `mc_platform` bypasses.
--
-- These policies keep organisations apart, and mailbox owners from all but their own. What within an organisation is whose,
-- says `directory/scope.py`. A new table of tenants needs a policy of its own: a test walks all models.

-- For a mailbox owner his own domain and organisation are there, too: his pages name them.
ALTER TABLE directory_organisation ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_organisation TO mc_center USING (
    id = ANY ((SELECT engine.acting_organisations())::bigint[]) OR id = (SELECT engine.acting('organisation')));

ALTER TABLE directory_domain ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_domain TO mc_center USING (
    organisation_id = ANY ((SELECT engine.acting_organisations())::bigint[]) OR id = (SELECT engine.acting('domain')));

ALTER TABLE directory_user ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_user TO mc_center USING (
    organisation_id = ANY ((SELECT engine.acting_organisations())::bigint[]) OR id = (SELECT engine.acting('user')));

ALTER TABLE directory_user_domains ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_user_domains TO mc_center USING (
    EXISTS (SELECT FROM directory_user WHERE directory_user.id = user_id));

ALTER TABLE directory_apikey ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_apikey TO mc_center USING (
    EXISTS (SELECT FROM directory_user WHERE directory_user.id = user_id));

ALTER TABLE directory_loginrecord ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_loginrecord TO mc_center USING (
    EXISTS (SELECT FROM directory_user WHERE directory_user.id = user_id));

ALTER TABLE directory_loginnetwork ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_loginnetwork TO mc_center USING (
    EXISTS (SELECT FROM directory_user WHERE directory_user.id = user_id));

-- A domain counts here only where it is managed: a mailbox owner sees his domain, but not what is in it.
ALTER TABLE directory_mailbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_mailbox TO mc_center USING (
    id = (SELECT engine.acting('mailbox')) OR domain_id IN (
        SELECT domain.id FROM directory_domain domain
        WHERE domain.organisation_id = ANY ((SELECT engine.acting_organisations())::bigint[])));

ALTER TABLE directory_mailboxusage ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_mailboxusage TO mc_center USING (
    EXISTS (SELECT FROM directory_mailbox WHERE directory_mailbox.id = mailbox_id));

ALTER TABLE directory_alias ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_alias TO mc_center USING (
    domain_id IN (
        SELECT domain.id FROM directory_domain domain
        WHERE domain.organisation_id = ANY ((SELECT engine.acting_organisations())::bigint[])));

ALTER TABLE directory_aliasdestination ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_aliasdestination TO mc_center USING (
    EXISTS (SELECT FROM directory_alias WHERE directory_alias.id = alias_id));

ALTER TABLE directory_address ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_address TO mc_center USING (
    mailbox_id = (SELECT engine.acting('mailbox')) OR domain_id IN (
        SELECT domain.id FROM directory_domain domain
        WHERE domain.organisation_id = ANY ((SELECT engine.acting_organisations())::bigint[])));

ALTER TABLE directory_senderentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_senderentry TO mc_center USING (
    EXISTS (SELECT FROM directory_mailbox WHERE directory_mailbox.id = mailbox_id) OR domain_id IN (
        SELECT domain.id FROM directory_domain domain
        WHERE domain.organisation_id = ANY ((SELECT engine.acting_organisations())::bigint[])));

-- One's own deeds, and those on the organisation's things.
ALTER TABLE directory_auditentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_auditentry TO mc_center USING (
    acting_user_id = (SELECT engine.acting('user'))
    OR organisation_id = ANY ((SELECT engine.acting_organisations())::bigint[]));

-- The platform's own: no tenant sees any of it.
ALTER TABLE directory_networkentry ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory_ban ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory_refusalreport ENABLE ROW LEVEL SECURITY;
CREATE POLICY notices ON directory_refusalreport TO mc_notices USING (true);

-- The rights of each role, all of them. The owner needs none; mc_ledger has none here.

GRANT USAGE ON SCHEMA engine TO mc_postfix, mc_dovecot, mc_gate;
GRANT SELECT ON engine.postfix_domain, engine.postfix_mailbox, engine.postfix_alias TO mc_postfix;
GRANT SELECT ON engine.dovecot_user TO mc_dovecot;
GRANT SELECT ON engine.gate_recipient, engine.gate_domain, engine.gate_sender TO mc_gate;

GRANT SELECT, INSERT, UPDATE, DELETE ON
    directory_organisation, directory_user, directory_user_domains, directory_domain, directory_mailbox,
    directory_alias, directory_aliasdestination, directory_apikey TO mc_center;
-- Filled by triggers only.
GRANT SELECT ON directory_address TO mc_center;
-- Written once, never changed.
GRANT SELECT, INSERT ON directory_auditentry TO mc_center;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO mc_center;

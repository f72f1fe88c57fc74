-- Row-level security of what stands beside a login, and of the audit, which each reads of his own things (see barrier.sql).

ALTER TABLE directory_secondfactor ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_secondfactor TO mc_center USING (
    EXISTS (SELECT FROM directory_user WHERE directory_user.id = user_id));

ALTER TABLE directory_recoverycode ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_recoverycode TO mc_center USING (
    EXISTS (SELECT FROM directory_user WHERE directory_user.id = user_id));

-- The session of a request is found beyond the barrier: only it says who asks.
ALTER TABLE directory_websession ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_websession TO mc_center USING (
    EXISTS (SELECT FROM directory_user WHERE directory_user.id = user_id));

DROP POLICY barrier ON directory_auditentry;
CREATE POLICY barrier ON directory_auditentry TO mc_center USING (
    acting_user_id = (SELECT engine.acting('user'))
    OR (object_type = 'user' AND object_id = (SELECT engine.acting('user')))
    OR mailbox_id = (SELECT engine.acting('mailbox'))
    OR organisation_id = ANY ((SELECT engine.acting_organisations())::bigint[]));

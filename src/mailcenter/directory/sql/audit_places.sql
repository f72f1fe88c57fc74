-- What is known of older entries: whose domain and mailbox they were about, where these are still there.
UPDATE directory_auditentry SET domain_id = object_id WHERE object_type = 'domain';
UPDATE directory_auditentry entry SET mailbox_id = mailbox.id, domain_id = mailbox.domain_id
    FROM directory_mailbox mailbox
    WHERE (entry.object_type = 'mailbox' AND entry.object_id = mailbox.id)
       OR (entry.object_type = 'user' AND entry.object_id = mailbox.user_id);
UPDATE directory_auditentry entry SET domain_id = alias.domain_id
    FROM directory_alias alias WHERE entry.object_type = 'alias' AND entry.object_id = alias.id;

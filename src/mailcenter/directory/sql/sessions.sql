-- Sessions have a table of their own; Django's stays empty, for its migrations know it.
DELETE FROM django_session;
REVOKE ALL ON django_session FROM mc_center;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory_websession TO mc_center;

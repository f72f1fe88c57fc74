-- Which domains are hosted here: the certificates daemon keeps certificates for names in them, and reads no more than that.
CREATE VIEW engine.hosted_domain AS SELECT name::text FROM public.directory_domain WHERE is_active;

GRANT USAGE ON SCHEMA engine TO mc_certs;
GRANT SELECT ON engine.hosted_domain TO mc_certs;

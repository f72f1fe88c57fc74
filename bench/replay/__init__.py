"""Send whole corpora through the running platform and account for every single mail."""

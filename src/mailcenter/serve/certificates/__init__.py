"""The certificates daemon: obtains, renews and removes the certificates of customers' names."""

"""The words of mail: addresses, replies, references, results. Values only; nothing here reads or writes."""

"""How many wanted and unwanted mails are refused, delayed, put into Junk or passed: ours and stock on one corpus."""

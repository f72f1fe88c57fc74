"""A flood of bots around a few good mails: what a refusal costs at each stage, and how long the good ones take."""

"""How strong passwords must be, and until when weaker ones work: the platform's word, unless a domain has its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mailcenter.settings.model import Settings


@dataclass(frozen=True, slots=True)
class Policy:
    """The platform's. What is given to the methods is the domain's, None where it says nothing."""

    minimum_score: int
    deadline: date | None

    def minimum(self, of_domain: int | None) -> int:
        """The lowest strength."""
        return self.minimum_score if of_domain is None else of_domain

    def last_day(self, of_domain: date | None) -> date | None:
        """The last day on which a weak password works; None: it goes on working."""
        return of_domain or self.deadline

    def is_over(self, of_domain: date | None, today: date) -> bool:
        """Whether weak passwords must be changed before anything else."""
        last = self.last_day(of_domain)
        return last is not None and today > last

    def changed(self, minimum: int | None, deadline: date | None) -> Policy:
        """With the operators' word where they gave one."""
        return Policy(self.minimum(minimum), self.last_day(deadline))


def policy_of(settings: Settings) -> Policy:
    """The platform's policy as it is configured."""
    return Policy(settings.passwords.minimum_score, settings.passwords.deadline)

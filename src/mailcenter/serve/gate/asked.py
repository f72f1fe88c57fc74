"""What the gate agrees with Postfix at the start of a connection: nothing is sent that nobody reads."""

from __future__ import annotations

from typing import Final

from mailcenter.milter.constants import Action, MacroStage, Step
from mailcenter.milter.negotiation import Wanted

WANTED: Final = Wanted(
    actions=Action.ADD_HEADERS | Action.CHANGE_HEADERS | Action.SET_MACROS,
    steps=(
        Step.NO_CONNECT  # who connected is told with each MAIL: waking up for it costs more than reading it
        | Step.NO_REPLY_HELO  # nothing is refused before MAIL
        | Step.NO_UNKNOWN
        | Step.NO_DATA
        | Step.NO_REPLY_HEADER
        | Step.NO_REPLY_END_OF_HEADERS
        | Step.NO_REPLY_BODY
        | Step.REFUSED_RECIPIENTS  # what Postfix refuses by itself belongs into the ledger too
        | Step.HEADER_LEADING_SPACE  # DKIM's simple canonicalisation counts blanks
    ),
    macros={
        MacroStage.CONNECT: (),
        MacroStage.HELO: (),
        MacroStage.MAIL: (
            "{daemon_name}",
            "{client_addr}",
            "{client_name}",
            "{auth_authen}",
            "{tls_version}",
            "{cipher}",
        ),
        MacroStage.RCPT: ("{rcpt_mailer}", "{rcpt_host}", "{rcpt_addr}"),
        MacroStage.END_OF_MESSAGE: ("i",),
    },
)

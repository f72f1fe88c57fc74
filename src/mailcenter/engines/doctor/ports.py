"""Does another program hold a port of ours?"""

from __future__ import annotations

from mailcenter.engines import proc
from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.platform.ports import taken_ports, wanted_ports
from mailcenter.engines.supervisor import processes
from mailcenter.settings.model import Settings


def check(settings: Settings) -> list[Finding]:
    taken = taken_ports(wanted_ports(settings), proc.listeners(), processes.running_pid(settings))
    return [
        Finding(str(one), f"stop that process (`systemctl stop` its service), or set another {one.wanted.setting}")
        for one in taken
    ]

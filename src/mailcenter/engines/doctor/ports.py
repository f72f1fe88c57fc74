"""Does another program hold a port of ours?"""

from __future__ import annotations

from mailcenter.engines import proc
from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.platform.ports import taken_ports, wanted_ports
from mailcenter.engines.supervisor import processes
from mailcenter.settings.model import Settings


def check(settings: Settings) -> list[Finding]:
    supervisor = processes.running_pid(settings)
    ours = [supervisor] if supervisor else processes.leftovers(settings)
    taken = taken_ports(wanted_ports(settings), proc.listeners(), ours)
    return [
        Finding(str(one), f"stop that process (`systemctl stop` its service), or set another {one.wanted.setting}")
        for one in taken
    ]

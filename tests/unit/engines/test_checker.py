"""Running a daemon's tools."""

from __future__ import annotations

import pytest

from mailcenter.engines.base import EngineError
from mailcenter.engines.checker import last_words, run


def test_what_a_program_says_is_given() -> None:
    assert run(["cat"], failure="no", stdin="hello") == "hello"


def test_a_user_has_no_way_back_to_root() -> None:
    said = run(
        ["sh", "-c", "id -un; id -gn; grep -E 'CapBnd|NoNewPrivs' /proc/self/status"], failure="no", user="www-data"
    )
    assert said.split() == ["www-data", "www-data", "CapBnd:", "0000000000000000", "NoNewPrivs:", "1"]


def test_a_failure_has_the_programs_words() -> None:
    with pytest.raises(EngineError, match=r"^it refuses: line 7: bad$") as caught:
        run(["sh", "-c", "echo line 7: bad >&2; exit 3"], failure="it refuses", remedy="mend it")
    assert caught.value.remedy == "mend it"


def test_a_silent_failure_has_its_exit_code() -> None:
    with pytest.raises(EngineError, match="it refuses: exit code 3"):
        run(["sh", "-c", "exit 3"], failure="it refuses")


def test_a_missing_program_is_named() -> None:
    with pytest.raises(EngineError, match="there is no no-such-program"):
        run(["no-such-program"], failure="it refuses")


def test_a_hanging_program_is_ended() -> None:
    with pytest.raises(EngineError, match=r"no answer within 0\.1 seconds"):
        run(["sleep", "5"], failure="it refuses", timeout=0.1)


def test_last_words_are_the_last_lines() -> None:
    assert last_words("one\n\n two \nthree\n", lines=2) == "two | three"

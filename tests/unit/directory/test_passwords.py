"""The password hash: the parameters that logins can afford, in the form that the views hand on."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, get_hasher, make_password

from mailcenter.directory.passwords import MailArgon2Hasher


def test_new_hashes_have_our_parameters() -> None:
    stored = make_password("correct horse")
    assert stored.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("correct horse", stored)
    assert not check_password("correct horse ", stored)


def test_other_parameters_are_renewed_at_login() -> None:
    assert isinstance(get_hasher(), MailArgon2Hasher)
    stored = make_password("correct horse").replace("t=2", "t=3")
    assert get_hasher().must_update(stored)

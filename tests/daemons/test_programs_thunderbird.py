"""Debian's Thunderbird: given an address and a password only, it finds its settings, logs in, reads and sends."""

from __future__ import annotations

from pathlib import Path

from tests.harness.clients import Account, unique, wait_for_mail
from tests.harness.marionette import thunderbird
from tests.harness.platform import Platform
from tests.harness.programs import delivered

FIND = """
    const {FindConfig} = ChromeUtils.importESModule("resource:///modules/accountcreation/FindConfig.sys.mjs");
    const [address, password] = args;
    const search = FindConfig.parallelAutoDiscovery(
        address.split("@")[1], address, new AbortController().signal, password, address
    );
    let found = await search.next();
    while (found.value && found.value.isRedirect) found = await search.next({acceptRedirect: false});
    if (!found.value) throw new Error("nothing found");
    Services.wm.getMostRecentWindow("mail:3pane").found = found.value;
    const told = server => [server.type, server.hostname, server.port, server.socketType, server.username];
    return {incoming: told(found.value.incoming), outgoing: told(found.value.outgoing)};
"""
"""What the account window does after "Continue"."""

SET_UP = """
    const base = "resource:///modules/accountcreation/";
    const {AccountConfig} = ChromeUtils.importESModule(base + "AccountConfig.sys.mjs");
    const {ConfigVerifier} = ChromeUtils.importESModule(base + "ConfigVerifier.sys.mjs");
    const {CreateInBackend} = ChromeUtils.importESModule(base + "CreateInBackend.sys.mjs");
    const [address, password] = args;
    const window = Services.wm.getMostRecentWindow("mail:3pane");
    AccountConfig.replaceVariables(window.found, "Alice", address, password);
    const verifier = new ConfigVerifier(window.msgWindow, new AbortController().signal);
    const config = await verifier.verifyConfig(window.found, false);
    const account = await CreateInBackend.createAccountInBackend(config);
    return [account.incomingServer.key, account.incomingServer.username];
"""
"""And what it does after "Done": logs in, then makes the account."""

READ = """
    const [key, subject] = args;
    const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
    const server = MailServices.accounts.getIncomingServer(key);
    const window = Services.wm.getMostRecentWindow("mail:3pane");
    server.performExpand(window.msgWindow);
    for (let tries = 0; tries < 600; tries++) {
        const inbox = server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
        if (inbox) {
            if (tries % 20 === 0) inbox.updateFolder(window.msgWindow);
            for (const header of inbox.msgDatabase.enumerateMessages())
                if (header.mime2DecodedSubject === subject) return header.mime2DecodedAuthor;
        }
        await new Promise(resolve => window.setTimeout(resolve, 250));
    }
    throw new Error("the mail is not in the inbox");
"""


def test_thunderbird_sets_itself_up_and_reads_a_mail(platform: Platform, alice: Account, tmp_path: Path) -> None:
    subject = unique("for thunderbird")
    delivered(platform, alice, subject)
    host = platform.settings.host_name
    with thunderbird(platform, tmp_path) as program:
        found = program.run(FIND, alice.login, alice.password)
        assert found["incoming"][:3] == ["imap", host, platform.port("imaps")], found
        assert found["outgoing"][:3] == ["smtp", host, platform.port("submissions")], found
        key, user_name = program.run(SET_UP, alice.login, alice.password)
        assert user_name == alice.login
        assert "sender@other.example" in program.run(READ, key, subject)
    wait_for_mail(platform, alice, subject)

"""The standards' public test suites, driven through a running platform: SPF, ARC, and real signed mails."""

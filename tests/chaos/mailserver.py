"""A mail server in its own process: ``python -m tests.chaos.mailserver PORT LOG OPTIONS``; it logs accepted copies.

Its moods: it serves; it greets with "busy"; it is mute; it closes the door; it says 421 to a sender. Recipients whose
address begins with ``bounce`` are unknown (550), those with ``grey`` are asked to come back once (451).
"""

import asyncio
import contextlib
import json
import sys
import time
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Desk:
    def __init__(self, log, thinks, mood, drop_every):
        self.log = log
        self.thinks = thinks
        self.mood = mood
        self.drop_every = drop_every
        self.accepted = 0
        self.turned_away = set()

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mood == "421":
            return "421 4.3.2 Not now"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("bounce"):
            return "550 5.1.1 Nobody of that name"
        if address.startswith("grey") and address not in self.turned_away:
            self.turned_away.add(address)
            return "451 4.7.1 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        # Real servers think; without it a thousand messages are gone before anything can be killed.
        await asyncio.sleep(self.thinks)
        headers = BytesHeaderParser().parsebytes(envelope.content)
        self.log.write(f"{time.time():.3f} {headers['Message-ID'].strip()} {headers['Subject']}\n")
        self.accepted += 1
        if self.drop_every and self.accepted % self.drop_every == 0:
            server.transport.abort()
            raise asyncio.CancelledError
        return "250 OK"


async def strange(mood, reader, writer):
    """The ways of a server to refuse before it speaks SMTP."""
    if mood == "busy":
        writer.write(b"421 4.3.2 Too many of you\r\n")
    if mood == "mute":
        await asyncio.sleep(30)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def serve(port, path, options):
    mood = options["mood"]
    with Path(path).open("a", buffering=1) as file:
        if mood in ("serves", "421"):
            desk = Desk(file, **options)
            server = await asyncio.get_running_loop().create_server(
                lambda: SMTP(desk, hostname="mail.test", ident="chaos"), "127.0.0.1", port
            )
        else:
            server = await asyncio.start_server(lambda *pair: strange(mood, *pair), "127.0.0.1", port)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])))

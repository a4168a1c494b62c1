"""A mail server in its own process: ``python -m tests.chaos.mailserver PORT LOG SECONDS``; it logs accepted copies."""

import asyncio
import sys
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Log:
    def __init__(self, file, seconds):
        self.file = file
        self.seconds = seconds

    async def handle_DATA(self, server, session, envelope):
        # Real servers think; without it a thousand messages are gone before anything can be killed.
        await asyncio.sleep(self.seconds)
        self.file.write(message_from_bytes(envelope.content)["Message-ID"] + "\n")
        return "250 OK"


async def serve(port, path, seconds):
    with Path(path).open("a", buffering=1) as file:
        log = Log(file, seconds)
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(log, hostname="mail.test", ident="chaos"), "127.0.0.1", port
        )
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], float(sys.argv[3])))

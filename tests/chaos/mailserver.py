"""A mail server in its own process: ``python -m tests.chaos.mailserver PORT LOG``. It logs every accepted copy."""

import asyncio
import sys
from email import message_from_bytes

from aiosmtpd.smtp import SMTP

SECONDS_PER_MESSAGE = 0.01


class Log:
    def __init__(self, path):
        self.file = open(path, "a", buffering=1)

    async def handle_DATA(self, server, session, envelope):
        # As long as a real server thinks; without it a thousand messages are gone before anything can be killed.
        await asyncio.sleep(SECONDS_PER_MESSAGE)
        self.file.write(message_from_bytes(envelope.content)["Message-ID"] + "\n")
        return "250 OK"


async def serve(port, path):
    log = Log(path)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(log, hostname="mail.test", ident="chaos"), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))

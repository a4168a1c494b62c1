"""A real SMTP server in a thread; the recipient's name says how it answers."""

from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Scripted:
    """``later@``, ``never@`` at RCPT; ``later-text@``, ``never-text@``, ``drop@`` after the text; ``closing@``: 421."""

    def __init__(self):
        self.accepted = []
        self.sessions = 0
        self.closes_after_each = False
        self.at_reset = ""
        self.on_data = lambda: None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        self.sessions += 1
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("stranger"):
            return "550 We do not relay for you"
        if address.startswith("early"):
            return "451 Try again"
        if address.startswith("busy"):
            return "421 Too many sessions"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answers = {
            "later": "451 Greylisted",
            "never": "550 No such user",
            "closing": "421 Going down",
            "moved": "550 5.1.6 Moved",
            "policy": "550 5.7.1 Not with your reputation",
            "full": "552 5.2.2 Over quota",
        }
        name = address.partition("@")[0]
        if name == "vanish":
            server.transport.close()
        if name in answers:
            return answers[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.on_data()
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "later-text":
            return "452 Full"
        if name == "never-text":
            return "554 Spam"
        self.accepted.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)))
        if name == "drop":
            server.transport.close()
        elif self.closes_after_each:
            server.loop.call_later(0.02, server.transport.close)
        return "250 OK"


class Moody(SMTP):
    """Says no at DATA to ``nodata@``, and at RSET to everybody when told to."""

    async def smtp_DATA(self, arg):
        if self.envelope.rcpt_tos[0].startswith("nodata@"):
            await self.push("451 Not now")
        else:
            await super().smtp_DATA(arg)

    async def smtp_RSET(self, arg):
        if self.event_handler.at_reset == "close":
            self.transport.close()
        elif self.event_handler.at_reset == "refuse":
            await self.push("500 No")
        else:
            await super().smtp_RSET(arg)


class Server(Controller):
    """On a free port of its own."""

    def __init__(self, **kwargs):
        super().__init__(Scripted(), hostname="127.0.0.1", port=0, ready_timeout=5, **kwargs)

    def factory(self):
        return Moody(self.handler, **{"hostname": "mail.test", **self.SMTP_kwargs})

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

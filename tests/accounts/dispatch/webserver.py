"""A real HTTP server in a thread, for providers of mail and endpoints of webhooks; a test says how it answers."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((self.path, dict(self.headers), body))
        self.server.on_request()
        status, headers, content = self.server.answer(self.path, body)
        if status == "drop":
            self.close_connection = True
            return
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def log_message(self, *args):
        """Silent."""


class Server(ThreadingHTTPServer):
    """``answer`` is called with path and body and gives (status, headers, content); ``requests`` is what came."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.requests = []
        self.on_request = lambda: None
        self.answer = lambda path, body: (200, {}, {})
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is what some tests are about."""

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *details):
        self.shutdown()
        self.server_close()

    def json(self, number=-1):
        return json.loads(self.requests[number][2])

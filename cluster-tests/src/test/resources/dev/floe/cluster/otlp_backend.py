"""An OTLP/HTTP backend that keeps what it gets and shows it: POST /v1/<signal>, GET /received."""

import base64
import gzip
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

received = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        received.append({"path": self.path, "body": base64.b64encode(body).decode()})
        self.answer("application/x-protobuf", b"")

    def do_GET(self):
        self.answer("application/json", json.dumps(received).encode())

    def answer(self, content_type, body):
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("", 4318), Handler).serve_forever()

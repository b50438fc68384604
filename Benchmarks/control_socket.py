"""A Varlink client in a few lines, so that measuring needs nothing but Python."""

import json
import socket


class Refused(Exception):
    """The daemon answered with an error: its name and its parameters."""

    def __init__(self, reply):
        super().__init__(f"{reply['error']} {json.dumps(reply.get('parameters', {}))}")
        self.name = reply["error"]


class ControlSocket:
    """One connection; calls wait for their reply, at most 15 s."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(15)
        self.socket.connect(path)

    def __call__(self, method, **parameters):
        message = {"method": f"org.stipple.{method}", "parameters": parameters}
        self.socket.sendall(json.dumps(message).encode() + b"\0")
        answer = b""
        while not answer.endswith(b"\0"):
            piece = self.socket.recv(65_536)
            if not piece:
                raise ConnectionError(f"{method}: the daemon closed the connection")
            answer += piece
        reply = json.loads(answer[:-1])
        if "error" in reply:
            raise Refused(reply)
        return reply.get("parameters", {})

    def close(self):
        self.socket.close()

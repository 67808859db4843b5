"""A socket to serve on, got before anything else: whoever comes second touches no data."""

import errno
import socket

from tidings.commands.start import Stop, read_settings


def listen() -> socket.socket:
    """A listening socket at the settings' address; raises Stop with the reason when there is none to have."""
    ours = read_settings()
    family = socket.AF_INET6 if ":" in ours.host else socket.AF_INET
    try:
        return socket.create_server((ours.host, ours.port), family=family, backlog=2048)
    except OSError as error:
        raise Stop(_why(error, ours.host, ours.port)) from None


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program; choose one with --port."
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}; choose one above 1023 with --port."
    return f"This machine cannot listen on {host}: {error.strerror}."

"""A small HTTP/1.1 load generator over kept-alive connections, so that the client costs little beside the server."""

import asyncio
import statistics
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """What one round of requests measured."""

    requests: int
    seconds: float
    median_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        """Answered requests a second."""
        return self.requests / self.seconds


def request_bytes(host: str, path: str, body: bytes, token: str) -> bytes:
    """One POST with a JSON body and a bearer token, as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes) -> int:
    writer.write(message)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.split(b":")[1]))
    return int(head.split(b" ", 2)[1])


async def _client(host: str, port: int, message: bytes, until: float, latencies: list[float]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        while (start := time.perf_counter()) < until:
            status = await _one(reader, writer, message)
            if status != 200:
                raise RuntimeError(f"the service answered {status}")
            latencies.append(time.perf_counter() - start)
    finally:
        writer.close()


async def _round(host: str, port: int, message: bytes, seconds: float, connections: int) -> Load:
    latencies: list[float] = []
    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_client(host, port, message, start + seconds, latencies))
    took = time.perf_counter() - start
    ordered = sorted(latencies)
    return Load(len(ordered), took, statistics.median(ordered) * 1e3, ordered[int(len(ordered) * 0.99)] * 1e3)


def run(host: str, port: int, message: bytes, *, seconds: float = 3.0, connections: int = 16) -> Load:
    """Sends `message` over `connections` for `seconds`; any answer but 200 ends the measurement."""
    return asyncio.run(_round(host, port, message, seconds, connections))

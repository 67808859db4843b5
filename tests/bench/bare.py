"""The limit: the same requests and the same durable writes on the same threads on one core, and nothing else.

No claim that looks for what may go, no journal, no shaping, no secrets, no rows turned into objects: what the engine
does beyond this loop is what it costs.
"""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.core.cores import Core, spread
from tidings.core.http import Door, Request
from tidings.core.ids import new_id
from tidings.database import sql
from tidings.deliveries import claim, record
from tidings.deliveries.models import Delivery
from tidings.deliveries.send import Outcome
from tidings.deliveries.writer import Writer

BATCH = 512
NEXT = """
SELECT d.id, d.channel_id, c.handle FROM deliveries_delivery d JOIN channels_channel c ON c.id = d.channel_id
WHERE d.state = 'waiting' AND d.due_at = (SELECT MIN(f.due_at) FROM deliveries_delivery f WHERE f.state = 'waiting')
ORDER BY d.id LIMIT %s"""


def drain(url: str, threads: int) -> None:
    """Publish everything that waits, round by round, one of each channel a round."""
    core = Core()
    writer, door = Writer(core.join), Door(private=[url.removeprefix("http://")])
    core.settle()
    while taken := writer.do(_take):
        work = iter(taken)
        lock = threading.Lock()
        crew = [threading.Thread(target=_send_all, args=(work, lock, writer, door, url)) for _ in range(threads)]
        for one in crew:
            one.start()
        for one in crew:
            one.join()
    writer.stop()
    spread()


def _take() -> list[tuple[Any, ...]]:
    now = clock.now()
    rows = sql.rows(NEXT, BATCH)
    if rows:
        ids = [sql.id_of(id) for id, *_rest in rows]
        sql.rows(claim.TAKE.format(marks=sql.marks(ids)), "bare", now + timedelta(minutes=2), *ids, now, now)
        sql.run(claim.SLEEP, [{"channel": sql.id_of(channel), "at": now} for _id, channel, _handle in rows])
    return rows


def _send_all(
    work: Iterator[tuple[Any, ...]], lock: threading.Lock, writer: Writer, door: Door, url: str
) -> None:
    while True:
        with lock:
            row = next(work, None)
        if row is None:
            return
        _send(row, writer, door, url)


def _send(row: tuple[Any, ...], writer: Writer, door: Door, url: str) -> None:
    """One request with a mark before it, and its result and end after it, each durable before it goes on."""
    id, channel = sql.id_of(row[0]), sql.id_of(row[1])
    begun = clock.now()
    mark: dict[str, Any] = {"steps": {}, "commit": {"first": begun.isoformat(), "tries": 1}}
    writer.do(record.Save(id, 1, mark, timedelta(minutes=2)))
    body = json.dumps({"status": "Good morning"}).encode()
    head = {"Authorization": "Bearer token", "Idempotency-Key": str(id), "Content-Type": "application/json"}
    answer = door(Request("POST", f"{url}/api/v1/statuses", "publish", head, body)).json()
    mark["commit"] |= {"result": answer}
    writer.do(_end(id, channel, mark, answer, begun))


def _end(id: Any, channel: Any, mark: dict[str, Any], answer: dict[str, Any], begun: datetime) -> record.End:
    now = clock.now()
    row = {
        "id": id, "fence": 1, "channel": channel, "state": "delivered", "reason": "", "journal": mark,
        "receipt": answer, "again": now, "delivered": now, "free": 0, "attempt": new_id(), "started": begun,
        "ended": now,
    }
    return record.End(Delivery(id=id), Outcome("delivered"), row)

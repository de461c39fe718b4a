"""The bell: an RQ job that tells a worker to look into the outbox. Never waited for, never needed."""

import time
from datetime import timedelta

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq import Worker as RqWorker
from rq.serializers import JSONSerializer

from returns_service.domain.ports import WorkerSeen

log = structlog.get_logger(__name__)

QUEUE = "returns"
JOB = "returns_service.worker.answer"
RUNG = "returns:rung"
HELP = "returns:help"
PATIENCE = 0.06
"""Seconds for connecting, and again for each answer; a ring is done or given up well within 250 ms."""
COALESCE_MS = 2000
"""Rings within this time of one that nobody answered yet are one job."""
_RING = """
local rings = redis.call('INCR', KEYS[1])
if rings == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return rings
"""
_ANSWER = """
local left = redis.call('DECRBY', KEYS[1], ARGV[1])
if left <= 0 then redis.call('DEL', KEYS[1]) end
return left
"""
SULK = 5.0
"""Seconds without another try after redis did not answer."""
JOB_TIMEOUT = timedelta(minutes=2)


def connect(url: str, *, patience: float | None = None) -> Redis:
    """A client that retries nothing; without `patience` it may wait for ever, as a worker must."""
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, socket_timeout=patience, socket_connect_timeout=patience or 5, retry=once)


class Bell:
    """Rings a queue. Many rings before an answer are one; a redis that is away is left alone for a while."""

    def __init__(self, url: str) -> None:
        self.redis = connect(url, patience=PATIENCE)
        self.queue = Queue(QUEUE, connection=self.redis, serializer=JSONSerializer)
        self._ring, self._answer = self.redis.register_script(_RING), self.redis.register_script(_ANSWER)
        self._quiet_until = 0.0

    def ring(self, *, another: bool = False) -> bool:
        """Wake a worker, or one more; False when redis is away. Nothing is lost then: the sweeper finds what waits."""
        if time.monotonic() < self._quiet_until:
            return False
        try:
            if self._ring(keys=[HELP if another else RUNG], args=[COALESCE_MS]) == 1:
                timeout = int(JOB_TIMEOUT.total_seconds())
                self.queue.enqueue(JOB, job_timeout=timeout, result_ttl=0, failure_ttl=3600, ttl=600)
        except RedisError as why:
            self._quiet_until = time.monotonic() + SULK
            log.warning("the bell is silent", why=str(why))
            return False
        return True

    def heard(self) -> int:
        """How often it rang since it was last answered. Asked before a worker looks, so that nothing comes between."""
        return int(self.redis.get(RUNG) or 0)

    def answered(self, rings: int) -> bool:
        """So many rings were seen to. False when it rang meanwhile: whoever answers looks again, nobody else is called."""
        return int(self._answer(keys=[RUNG], args=[rings])) <= 0

    def workers(self) -> list[WorkerSeen]:
        """Who listens, the one that was seen last first; nobody when redis does not answer."""
        try:
            found = RqWorker.all(queue=self.queue)
            seen = [
                WorkerSeen(
                    f"{one.hostname} {one.pid}", one.birth_date, one.last_heartbeat, one.get_state() == "busy"
                )
                for one in found
                if one.birth_date and one.last_heartbeat
            ]
        except RedisError:
            return []
        return sorted(seen, key=lambda one: one.seen_at, reverse=True)

    def works(self) -> bool:
        """Whether redis answers, and a worker listens."""
        try:
            return bool(self.redis.smembers(f"rq:workers:{QUEUE}"))
        except RedisError:
            return False

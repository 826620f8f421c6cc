#!/usr/bin/env python3
"""kill -9 of the real server at random moments under load, again and again.

Real targets: a Redis that fills up, and programs that note in a ledger what they were told. An
operator mends what people lead, lifts freezes and approves, so that automation goes on; each kill
waits until something is under way. After the last kill all that was under way must come to its end.
Then: nothing that the server had acknowledged is lost, nothing was done twice or without an intent
on disk, and the trail verifies.

  .ci/kill-many.py [--times 20] [--seed 1]
"""
import argparse
import collections
import json
import os
import random
import re
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOSTS = [f"host-{i}" for i in range(12)]
CACHE = "page-cache"
UNFINISHED_MAX = 5  # deployments under way at once; the server takes no new one after 1,000
OTHER_SERIES = 2_000
BUSY_WITHIN = 12.0  # seconds of life after which a kill waits no more for work to be under way
MEMORY = 16 << 20
UNDER_WAY = {"ADMITTED", "PREFLIGHT", "EXECUTING", "VERIFYING", "ROLLING_BACK", "INDETERMINATE", "ABORTING"}
ENDS = {"DENIED", "REJECTED", "EXPIRED", "INVALIDATED", "SUCCEEDED", "ROLLED_BACK", "ROLLBACK_FAILED",
        "ESCALATED", "ABORTED"}

PROGRAM = """#!/bin/sh
# Does what it is told once it is told, whoever dies meanwhile; the ledger says what that was.
set -eu
folder=$1 host=$2
printf '%s %s\\n' "$PRUNELLA_KEY" "$host" >>"$folder/ledger"
sleep "$3"
rm -f "$folder/sick-$host"
sleep "$3"
echo "$host is well"
"""
PROBE = """#!/bin/sh
grep -q "^$PRUNELLA_KEY " "$1/ledger" && exit 0
exit 1
"""
RUNBOOK = """apiVersion: prunella.io/v1
kind: Runbook
metadata: {name: NAME, version: 1.0.0, owner: kill-test, mode: auto}
spec:
  tier: 3
  description: {what: Frees memory., whenToUse: In the kill test., whenNotToUse: Anywhere else.}
  match: {pattern: cache-full, for: 1s, minConfidence: 0.5}
  target: {kinds: [KIND]}
  preconditions:
    - {name: memory-high, check: 'share("memory") > 0.9'}
  steps:
    - id: free
STEP
      timeout: 10s
  verify:
    settle: 0s
    interval: 1s
    consecutiveSuccess: 2
    failureLimit: 100
    deadline: 120s
    checks:
      - {name: memory-freed, check: 'share("memory") < 0.8'}
  tests:
    - name: acts when full
      given: {signals: {memory: {share: 0.95}}, after: {memory: {share: 0.4}}}
      expect: {preconditions: pass, verify: pass}
"""


def say(*words):
    print(*words, flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# --- remote write 1.0: protobuf by hand, Snappy as literals only


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def labels(**pairs):
    text = b""
    for name in sorted(pairs, key=lambda n: n.replace("metric", "__name__")):
        real = "__name__" if name == "metric" else name
        text += field(1, field(1, real.encode()) + field(2, pairs[name].encode()))
    return text


def series(labelled, at_ms, value):
    return field(1, labelled + field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(at_ms)))


def snappy(data):
    out = bytearray(varint(len(data)))
    for at in range(0, len(data), 65_536):
        part = data[at:at + 65_536]
        out += bytes([61 << 2]) + struct.pack("<H", len(part) - 1) + part
    return bytes(out)


class Redis:
    """A real one, and everything it was told, as its monitor says."""

    def __init__(self, folder):
        self.port = free_port()
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
             "--maxmemory", str(MEMORY), "--maxmemory-policy", "noeviction"],
            stdout=open(f"{folder}/redis.log", "w"), stderr=subprocess.STDOUT)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        self.told = []
        self.monitor = socket.create_connection(("127.0.0.1", self.port))
        self.monitor.sendall(b"MONITOR\r\n")
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.monitor.makefile("r", errors="replace"):
            if re.search(r'"(FLUSHDB|UNLINK|MEMORY" "PURGE)"', line, re.I):
                self.told.append(line.strip()[:200])

    def ask(self, *words):
        text = f"*{len(words)}\r\n" + "".join(f"${len(w)}\r\n{w}\r\n" for w in words)
        with socket.create_connection(("127.0.0.1", self.port), 5) as s:
            s.sendall((text + "*1\r\n$4\r\nQUIT\r\n").encode())
            answer = b""
            while part := s.recv(65_536):
                answer += part
        return answer.decode(errors="replace")

    def used(self):
        return int(re.search(r"used_memory:(\d+)", self.ask("INFO", "memory")).group(1))

    def fill(self):
        value = "x" * 262_144
        for i in range(200):
            if self.used() > 0.94 * MEMORY:
                return
            self.ask("SET", f"page:{i}-{time.monotonic_ns()}", value)


class World:
    def __init__(self, folder):
        self.folder = folder
        self.redis = Redis(folder)
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.ending = False
        self.acknowledged = []  # deployments, as started
        self.finished = []  # deployments, acknowledged as finished
        self.unfinished = collections.deque()
        self.posted = 0
        self.writes = self.refused = 0
        self.server = None
        self.lives = 0
        self.repaired = set()  # services, when it was asked last
        self.in_incidents = set()  # services, when it was asked last
        self.done = collections.Counter()  # by the operator
        self.token = ""
        self.others = [labels(metric="queue_jobs", job="load", instance=f"i{i}") for i in range(OTHER_SERIES)]
        for name, text in ("tell", PROGRAM), ("probe", PROBE):
            with open(f"{folder}/{name}", "w") as f:
                f.write(text)
            os.chmod(f"{folder}/{name}", 0o755)
        open(f"{folder}/ledger", "w").close()
        self.configure()

    def configure(self):
        f = self.folder
        words = [f"{f}/tell", f, "{{ target.service }}", "0.3"]
        told = "      action: command.run\n      with:\n" + "".join(
            f"        argv.{i}: '{w}'\n" for i, w in enumerate(words)) + "".join(
            f"        probe.{i}: '{w}'\n" for i, w in enumerate([f"{f}/probe", f]))
        freed = "      action: redis.free\n      with: {prefixes: '', flush: async, until: '0.5'}\n"
        for name, kind, step in ("tell-host", "command", told), ("flush-cache", "redis", freed):
            with open(f"{f}/{name}.yml", "w") as out:
                out.write(RUNBOOK.replace("NAME", name).replace("KIND", kind).replace("STEP\n", step))
        targets = [{"service": h, "kind": "command", "role": "cache", "cache-only": True} for h in HOSTS]
        targets.append({"service": CACHE, "kind": "redis", "role": "cache", "cache-only": True,
                        "address": f"redis://127.0.0.1:{self.redis.port}"})
        config = {
            "targets": targets,
            "runbooks": {"shipped": False, "files": [f"{f}/tell-host.yml", f"{f}/flush-cache.yml"],
                         "modes": {"tell-host": "auto", "flush-cache": "auto"}},
            "incidents": {"quiet-for": "1s", "linger-for": "1s", "limits-told-within": "10s",
                          "changed-every": "1s"},
            "detection": {"limit-samples": 2},
            "guardrails": {"attempts-max": 10000, "cooldown": "1s", "concurrent-max": 10, "retry-after": "1s",
                           "blocked-max": "10s", "indeterminate-max": "20s", "remediation-lasting": "30s",
                           # all of them are ill at once, again and again: that is the load
                           "short-circuit": {"unhealthy-percent-max": 100, "unhealthy-max": 100,
                                             "storm-cooldown": "1s", "bad-ends-max": 1000}},
            "actions": {"command": {"allow": [f"{f}/tell", f"{f}/probe"]}},
        }
        with open(f"{f}/prunella.yml", "w") as out:
            json.dump(config, out)  # JSON is YAML

    def start(self):
        self.lives += 1
        self.server = subprocess.Popen(
            [f"{HOME}/bin/prunella", "serve", f"--config.file={self.folder}/prunella.yml",
             f"--storage.path={self.folder}/data", f"--web.listen-address=127.0.0.1:{self.port}"],
            stdout=open(f"{self.folder}/server.log", "a"), stderr=subprocess.STDOUT)

    def kill(self):
        self.server.kill()
        self.server.wait()

    def ask(self, path, body=None, timeout=5):
        request = urllib.request.Request(self.base + path, data=None if body is None else json.dumps(body).encode())
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return json.load(answer)

    def ready(self, within=60):
        end = time.monotonic() + within
        while time.monotonic() < end:
            if self.server.poll() is not None:
                raise SystemExit(f"the server ended by itself with {self.server.returncode}")
            try:
                self.ask("/api/v1/status", timeout=2)
                return
            except (OSError, urllib.error.URLError):
                time.sleep(0.05)
        raise SystemExit(f"the server was not ready within {within} s")

    # --- load

    def write(self):
        now = int(time.time() * 1000)
        body = bytearray()
        for host in HOSTS:
            used = 0.95 if os.path.exists(f"{self.folder}/sick-{host}") else 0.4
            body += self.memory(host, now, used * MEMORY)
        body += self.memory(CACHE, now, self.redis.used())
        for one in self.others:
            body += series(one, now, self.chance_of_load())
        request = urllib.request.Request(self.base + "/api/v1/write", data=snappy(bytes(body)))
        for name, value in (("Content-Encoding", "snappy"), ("Content-Type", "application/x-protobuf"),
                            ("X-Prometheus-Remote-Write-Version", "0.1.0"),
                            ("Authorization", f"Bearer {self.token}")):
            request.add_header(name, value)
        try:
            urllib.request.urlopen(request, timeout=2).close()
            self.writes += 1
        except (OSError, urllib.error.URLError):
            self.refused += 1

    def chance_of_load(self):
        return 40 + (time.monotonic_ns() >> 10) % 17

    @staticmethod
    def memory(service, now, used):
        at = {"job": service, "instance": f"{service}:9121"}
        return series(labels(metric="redis_memory_used_bytes", **at), now, used) + series(
            labels(metric="redis_memory_max_bytes", **at), now, MEMORY)

    def people(self):
        """Somebody deploys a thing that is not acted on, and an operator is at work."""
        try:
            self.deploy()
            self.open_ones()
            self.operate()
        except urllib.error.HTTPError as e:
            self.done[f"{e.url.removeprefix(self.base).partition('?')[0]} was answered with {e.code}"] += 1
        except (OSError, urllib.error.URLError):
            pass  # the server is gone

    def tell(self, what, path, body):
        """True when it was acknowledged; a refusal is counted and keeps nothing else from being done."""
        try:
            self.ask(path, body)
        except urllib.error.HTTPError as e:
            self.done[f"not {what} ({e.code})"] += 1
            return False
        self.done[what] += 1
        return True

    def deploy(self):
        """One begins, and the oldest of those that have not finished does."""
        self.posted += 1
        name = f"dep-{self.posted}"
        one = {"deployment": name, "service": "elsewhere", "status": "started", "detail": "kill test"}
        if self.tell("deployed", "/api/v1/deployments", one):
            self.acknowledged.append(name)
            self.unfinished.append(name)
        while len(self.unfinished) > UNFINISHED_MAX:
            one = {"deployment": self.unfinished[0], "service": "elsewhere", "status": "finished",
                   "detail": "kill test"}
            if not self.tell("finished", "/api/v1/deployments", one):
                break
            self.finished.append(self.unfinished.popleft())

    def operate(self):
        """Mends what people lead, lifts the freezes, approves what waits."""
        incidents = self.ask("/api/v1/incidents?state=open&limit=500")["incidents"]
        self.in_incidents = {service for incident in incidents for service in incident["services"]}
        for incident in incidents:
            if incident["handedOver"] and incident["culprit"]:
                self.mend(incident["culprit"])
                self.done["mended"] += 1
        for service in self.ask("/api/v1/status")["frozen"]:
            self.tell("unfrozen", f"/api/v1/services/{service}/unfreeze", {"reason": "looked at it"})
        for one in self.ask("/api/v1/approvals?status=PENDING&limit=500")["approvals"]:
            self.tell("approved", f"/api/v1/approvals/{one['id']}/decisions",
                      {"decision": "approve", "planDigest": one["planDigest"], "reason": "go on",
                       "idempotencyKey": one["id"]})

    def mend(self, service):
        """As a person would, by hand."""
        if service == CACHE:
            self.redis.ask("DEL", *re.findall(r"page:\S+", self.redis.ask("KEYS", "page:*")) or ["none"])
        elif os.path.exists(f"{self.folder}/sick-{service}"):
            os.remove(f"{self.folder}/sick-{service}")

    def is_busy(self):
        """Whether a step is out or awaited, as far as can be asked."""
        try:
            return any(one.split()[1] in UNDER_WAY for one in self.open_ones())
        except (OSError, urllib.error.URLError):
            return False

    def in_flight(self):
        """What was under way when the server died, and the last word on each open incident, by its disk."""
        with tempfile.TemporaryDirectory() as copy:  # the next server is to find its files as they were left
            for name in "journal.db", "journal.db-wal":
                if os.path.exists(f"{self.folder}/data/{name}"):
                    shutil.copy(f"{self.folder}/data/{name}", f"{copy}/{name}")
            status, out, incident_of, last = {}, set(), {}, {}  # last: of open incidents only
            for name, body in sqlite3.connect(f"{copy}/journal.db").execute("select type, body from fact order by seq"):
                fact = json.loads(body)
                one = fact.get("remediation")
                if name == "remediation.proposed":
                    incident_of[one] = fact["plan"]["incident"]
                elif name == "remediation.moved":
                    status[one] = fact["to"]
                    if incident_of[one] in last:
                        last[incident_of[one]] = f'{fact["to"]} ({fact["why"]})'
                elif name == "remediation.suggested" and incident_of[one] in last:
                    last[incident_of[one]] = f'suggested ({fact["why"]})'
                elif name == "remediation.step-intended":
                    out.add(one)
                elif name == "remediation.step-ended":
                    out.discard(one)
                elif name == "incident.opened":
                    last[fact["incident"]] = "nothing proposed"
                elif name == "incident.handed-over":
                    last[fact["incident"]] = f'led by people ({fact["why"]})'
                elif name == "incident.resolved":
                    last.pop(fact["incident"], None)
        found = collections.Counter(s for s in status.values() if s in UNDER_WAY)
        if out:
            found["steps without an end"] = len(out)
        return found, collections.Counter(f"incident: {word}" for word in last.values())

    def fall_ill(self, rng, odds):
        """Whoever is being repaired stays as it is: else no repair is ever proven, and none begins anew.
        So does whoever's incident is not over: one that goes on after a proven repair is not acted on
        again for ten minutes, and host after host would be out of the game."""
        led = self.repaired | self.in_incidents
        for host in HOSTS:
            if rng.random() < odds and host not in led:
                open(f"{self.folder}/sick-{host}", "w").close()
        if rng.random() < odds and CACHE not in led and self.redis.used() < 0.6 * MEMORY:
            self.redis.fill()

    def ill(self):
        """How many hosts are ill."""
        return sum(os.path.exists(f"{self.folder}/sick-{host}") for host in HOSTS)

    def heal(self):
        """People have mended by hand whatever is still ill."""
        for service in HOSTS + [CACHE]:
            self.mend(service)

    def load(self):
        while not self.ending:
            begun = time.monotonic()
            try:
                self.write()
            except OSError:
                pass  # Redis is ending
            time.sleep(max(0.0, 0.4 - (time.monotonic() - begun)))

    def open_ones(self):
        everyone, after = [], ""
        while True:
            page = self.ask("/api/v1/remediations?limit=200" + after)
            everyone += page["remediations"]
            if not page.get("cursor"):
                break
            after = "&cursor=" + str(page["cursor"])
        everyone = [r for r in everyone if r["status"] not in ENDS]
        self.repaired = {r["plan"]["target"]["service"] for r in everyone}
        return [f'{r["id"]} {r["status"]}' for r in everyone]


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--times", type=int, default=20)
    asked.add_argument("--seed", type=int, default=1)
    asked = asked.parse_args()
    rng = random.Random(asked.seed)
    folder = tempfile.mkdtemp(prefix="kill-many-")
    world = World(folder)
    try:
        idle = live(world, rng, asked)
        judge(world, asked)
        if idle > asked.times / 5:
            raise SystemExit(f"{idle} of {asked.times} kills met nothing under way, at most a fifth may")
    except SystemExit:
        with open(f"{folder}/server.log") as log:
            say("the server last said:", "".join(log.readlines()[-40:]))
        raise
    finally:
        world.ending = True
        if world.server and world.server.poll() is None:
            world.kill()
        world.redis.process.kill()
        world.redis.process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def listed(counts):
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))


def live(world, rng, asked):
    folder = world.folder
    made = subprocess.run([f"{HOME}/bin/prunella", "token", "add", "driver", "--role=operator",
                           f"--storage.path={folder}/data"], capture_output=True, text=True, check=False)
    found = re.search(r"pru_[A-Za-z0-9_-]+", made.stdout + made.stderr)
    if not found:
        raise SystemExit(f"no token was made: {made.stdout}{made.stderr}")
    world.token = found.group(0)
    world.start()  # one that ends well leaves its classes beside the jars: later ones start in half the time
    world.ready()
    world.server.terminate()
    world.server.wait(60)
    threading.Thread(target=world.load, daemon=True).start()
    begun = time.monotonic()
    idle = 0
    for kill in range(1, asked.times + 1):
        world.fall_ill(rng, 0.5)
        world.start()
        if rng.random() < 0.15:  # in the middle of its start
            time.sleep(rng.uniform(0.3, 2.0))
        else:
            world.ready()
            ready = time.monotonic()
            # Now and then long enough for repairs to be proven, so that others can begin.
            alive = ready + (rng.uniform(10.0, 14.0) if rng.random() < 0.3 else rng.uniform(1.0, 6.5))
            while time.monotonic() < alive or (time.monotonic() < ready + BUSY_WITHIN and not world.is_busy()):
                world.people()
                world.fall_ill(rng, 0.05)
                time.sleep(min(0.25, max(0.0, alive - time.monotonic())))
        world.kill()
        found, waiting = world.in_flight()
        idle += not found
        say(f"kill {kill}, {time.monotonic() - begun:.0f} s:",
            listed(found) or f"nothing under way, {world.ill()} ill, {listed(waiting) or 'no incident'}")
    say(f"killed {asked.times} times in {time.monotonic() - begun:.0f} s; {world.writes} writes taken, "
        f"{world.refused} met no server; the operator {dict(world.done)}")
    world.start()
    world.ready()
    calm = time.monotonic() + 90
    while True:
        world.people()
        world.heal()
        open_ones = world.open_ones()
        if not open_ones:
            break
        if time.monotonic() > calm:
            raise SystemExit(f"still under way 90 s after the last kill: {open_ones}")
        time.sleep(0.5)
    world.ending = True
    world.server.terminate()
    world.server.wait(30)
    return idle


def judge(world, asked):
    folder = world.folder
    verified = subprocess.run([f"{HOME}/bin/prunella", "audit", "verify", f"--storage.path={folder}/data"],
                              capture_output=True, text=True, check=False)
    say(verified.stdout.strip())
    wrong = [] if verified.returncode == 0 else [f"the trail does not verify: {verified.stdout}{verified.stderr}"]
    facts = []
    for name, body in sqlite3.connect(f"file:{folder}/data/journal.db?mode=ro", uri=True).execute(
            "select type, body from fact order by seq"):
        facts.append((name, json.loads(body)))
    with open(f"{folder}/ledger") as ledger:
        told = collections.Counter(line.split()[0] for line in ledger)
    intended, ended, service, status = collections.Counter(), {}, {}, {}
    for name, fact in facts:
        if name == "remediation.proposed":
            service[fact["remediation"]] = fact["plan"]["target"]["service"]
        elif name == "remediation.moved":
            status[fact["remediation"]] = fact["to"]
        elif name == "remediation.step-intended":
            key_of = fact["remediation"]
            intended[fact["key"]] += 1
            ended.setdefault(key_of, {})["key"] = fact["key"]
        elif name == "remediation.step-ended":
            ended[fact["remediation"]]["state"] = fact["state"]
    starts = sum(name == "control.started" for name, _ in facts)
    twice = [key for key, times in told.items() if times > 1]
    unasked = [key for key in told if key not in intended]
    if twice:
        wrong.append(f"told twice: {twice}")
    if unasked:
        wrong.append(f"told without an intent on disk: {unasked}")
    states = collections.Counter()
    for one, end in ended.items():
        states[end.get("state", "INTENT")] += 1
        if service[one] == CACHE:
            continue
        happened = end["key"] in told
        if end.get("state") in ("ACKED", "APPLIED") and not happened:
            wrong.append(f"{one}: the journal says {end['state']}, the host was told nothing")
        if end.get("state") == "NOT_APPLIED" and happened:
            wrong.append(f"{one}: the journal says NOT_APPLIED, and the host was told")
    flushes = sum("FLUSHDB" in line.upper() for line in world.redis.told)
    flush_intents = sum(times for key, times in intended.items()
                        if any(e["key"] == key and service[o] == CACHE for o, e in ended.items()))
    if flushes > flush_intents:
        wrong.append(f"{flushes} FLUSHDB for {flush_intents} intents")
    for acknowledged, kind in (world.acknowledged, "deployment.began"), (world.finished, "deployment.ended"):
        kept = {fact["deployment"] for name, fact in facts if name == kind}
        lost = [name for name in acknowledged if name not in kept]
        if lost:
            wrong.append(f"acknowledged and not in the journal as {kind}: {lost}")
    if world.done["not deployed (422)"] or world.done["not finished (404)"]:
        wrong.append(f"deployments were refused: {dict(world.done)}")
    if not world.acknowledged or not told or not flush_intents:
        wrong.append(f"too little has happened: {len(world.acknowledged)} acknowledged, {len(told)} told, "
                     f"{flush_intents} flushes intended")
    say(f"{len(facts)} facts over {starts} starts; {len(status)} remediations: "
        f"{dict(collections.Counter(status.values()))}; step ends {dict(states)}; {len(told)} commands told, "
        f"{flushes} FLUSHDB for {flush_intents} intents, {len(world.acknowledged)} acknowledged deployments")
    if wrong:
        raise SystemExit("\n".join(wrong))
    say(f"killed {asked.times} times: nothing lost, nothing done twice, the trail verifies")


if __name__ == "__main__":
    main()

"""The load generators: each runs one scenario and returns what the clients saw."""

import json
import os
import re
import struct
import subprocess

from . import system
from .pairs import DIRECT_H1, DIRECT_H2, HERE, MESHED_H1, MESHED_H2, PLAIN_H1, PLAIN_H2

BIN = os.path.join(HERE, "target", "bin")
MESHBENCH, OPENLOAD = os.path.join(BIN, "meshbench"), os.path.join(BIN, "openload")
BULK_CONNECTIONS, RATE_CONNECTIONS, HANDSHAKE_WORKERS = 4, 32, 8
GRPC_MESSAGE_BYTES = 256
TIMEOUT_SECONDS = 120


class LoadError(Exception):
    """A generator that gave no figures; the text is what it printed."""


def applies(pair, scenario):
    """Whether a pair can do a scenario."""
    kind, _, rest = scenario.partition("-")
    if kind == "plain":
        return "plain" in pair.features and rest.split("-")[0] in pair.features
    if pair.outbound is None and pair.name == "direct":
        return kind in ("h1", "h2", "grpc", "rate", "churn", "bulk")
    if kind in ("h2", "grpc"):
        return "h2" in pair.features
    if scenario == "hs-mlkem768":
        return "origdst" in pair.features  # the static pairs are configured for X25519
    return "h1" in pair.features


class Generators:
    """Runs scenarios from the client's namespace on the CPUs of the load."""

    def __init__(self, work, cpus):
        self._work = work
        self._cpus = cpus

    def scenario(self, pair, scenario, seconds):
        """Runs a scenario against whatever the redirects point at."""
        kind, _, argument = scenario.partition("-")
        h1, h2 = (DIRECT_H1, DIRECT_H2) if pair.name == "direct" else (MESHED_H1, MESHED_H2)
        if kind == "plain":
            h1, h2 = PLAIN_H1, PLAIN_H2
            kind, _, argument = argument.partition("-")
        one, two = f"http://{system.SERVER_IP}:{h1}", f"http://{system.SERVER_IP}:{h2}"
        match kind:
            case "h1":
                return self._wrk(one + "/1k", int(argument[1:]), seconds)
            case "churn":
                return self._wrk(one + "/1k", int(argument[1:]), seconds, close=True)
            case "bulk":
                facts = self._wrk(one + "/" + argument, BULK_CONNECTIONS, seconds)
                return facts | {"mb_per_s": facts["bytes"] / facts["seconds"] / 1e6}
            case "h2":
                return self._h2load(two + "/1k", *argument.split("x"), seconds)
            case "grpc":
                return self._h2load(two + "/bench.Echo/Unary", *argument.split("x"), seconds, grpc=True)
            case "rate":
                return self._json([OPENLOAD, system.SERVER_IP, str(h1), "/1k", f"{system.SERVER_IP}:{h1}", str(RATE_CONNECTIONS),
                                   argument, str(seconds)])
            case "hs":
                return self._json([MESHBENCH, "hs", "-addr", f"{system.SERVER_IP}:{MESHED_H1}", "-pki", os.path.join(self._work, "pki"),
                                   "-d", f"{seconds}s", "-c", str(HANDSHAKE_WORKERS), "-curve", argument])
        raise system.BenchError(f"unknown scenario {scenario}; fix: see the table in bench/README.md")

    def idle(self, connections):
        """Opens connections and holds them until its input is closed; one line of JSON when they stand, one when it ends."""
        return subprocess.Popen(
            system.inside(system.CLIENT_NAMESPACE, "taskset", "-c", self._cpus, MESHBENCH, "idle", "-addr",
                          f"{system.SERVER_IP}:{MESHED_H1}", "-n", str(connections)),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def _run(self, command, env=None):
        return subprocess.run(system.inside(system.CLIENT_NAMESPACE, "taskset", "-c", self._cpus, *command),
                              env={**os.environ, "GOMAXPROCS": "1", **(env or {})}, capture_output=True, text=True,
                              timeout=TIMEOUT_SECONDS)

    def _json(self, command):
        result = self._run(command)
        if result.returncode:
            raise LoadError(result.stderr or result.stdout)
        return json.loads(result.stdout)

    def _wrk(self, url, connections, seconds, close=False):
        result = self._run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s", "--latency", "-s",
                            os.path.join(HERE, "latency.lua"), url], {"CLOSE": "1" if close else "0"})
        found = re.search(r"@@(\{.*\})", result.stdout)
        if not found:
            raise LoadError(result.stdout + result.stderr)
        facts = json.loads(found.group(1))
        return facts | {"rps": facts["requests"] / facts["seconds"]}

    def _h2load(self, url, connections, streams, seconds, grpc=False):
        log = os.path.join(self._work, "h2load.log")
        if os.path.exists(log):
            os.unlink(log)
        command = ["h2load", "-t1", f"-c{connections}", f"-m{streams}", f"-D{seconds}", f"--log-file={log}"]
        if grpc:
            message = os.path.join(self._work, "grpc.bin")
            with open(message, "wb") as f:
                f.write(b"\0" + struct.pack(">I", GRPC_MESSAGE_BYTES) + b"y" * GRPC_MESSAGE_BYTES)
            command += ["-d", message, "-H", "content-type: application/grpc", "-H", "te: trailers"]
        result = self._run([*command, url])
        finished = re.search(r"finished in ([\d.]+)(ms|s)", result.stdout)
        if not finished:
            raise LoadError(result.stdout + result.stderr)
        latencies, errors = [], 0
        with open(log) as f:
            for line in f:
                fields = line.split()
                if fields[1] == "200":
                    latencies.append(int(fields[2]))
                else:
                    errors += 1
        latencies.sort()
        elapsed = float(finished.group(1)) / (1000 if finished.group(2) == "ms" else 1)

        def quantile(q):
            return latencies[int(q * (len(latencies) - 1))] if latencies else 0

        return {"requests": len(latencies), "errors": errors, "seconds": elapsed, "rps": len(latencies) / elapsed,
                "p50_us": quantile(.5), "p99_us": quantile(.99), "p999_us": quantile(.999)}

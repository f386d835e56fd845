"""The pairs that are measured: two processes started by one script, and the ports they listen on."""

import os
import re
import shutil
import socket
import time

from . import system

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CONTROL_PLANE = "127.0.0.1:8090"
FIRST_PORT, PORTS_PER_PAIR = 4100, 20
READY_TIMEOUT_SECONDS = 60

# Ports of the server: meshed, direct, and plaintext through the inbound proxy alone.
MESHED_H1, DIRECT_H1, PLAIN_H1 = 8080, 8081, 8082
MESHED_H2, DIRECT_H2, PLAIN_H2 = 9080, 9081, 9082


def answers(ip, port, timeout_seconds=5.0):
    """Whether GET /1k is answered by 200."""
    try:
        with socket.create_connection((ip, port), timeout=timeout_seconds) as s:
            s.sendall(f"GET /1k HTTP/1.1\r\nHost: server:{port}\r\nConnection: close\r\n\r\n".encode())
            return s.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


class Direct:
    """No proxy at all: what client and server can do by themselves."""

    name, outbound, inbound = "direct", None, None
    features = {"h1", "h2"}

    def processes(self):
        return {}

    def point(self, scenario):
        system.redirect({}, {})

    def up(self, client):
        return {}

    def down(self):
        pass


class Pair:
    """An outbound and an inbound proxy of one make, started by pairs/NAME.sh."""

    def __init__(self, name, index, work, options):
        self.name = name
        self.outbound = self.inbound = None
        self._work = work
        self._options = options
        self._script = os.path.join(work, "pairs", name + ".sh")
        source = os.path.join(HERE, "pairs", name + ".sh")
        if not os.path.exists(source):
            raise system.BenchError(f"unknown pair {name}; cause: there is no {source}; fix: choose one of bench/pairs")
        with open(source) as f:
            declared = re.search(r"^# bench: *(.*)$", f.read(), re.M)
        self.features = set(declared.group(1).split()) if declared else {"h1"}
        self._ports = self._ports_from(FIRST_PORT + PORTS_PER_PAIR * index)

    def _ports_from(self, base):
        ports = {"OUT_H1": base, "OUT_H2": base + 1, "IN_H1": base + 2, "IN_H2": base + 3, "PLAIN_H1": base + 4,
                 "PLAIN_H2": base + 5, "ADMIN": base + 6, "CONTROL": base + 7}
        if "origdst" in self.features:
            ports |= {"OUT_H2": base, "IN_H2": base + 2, "PLAIN_H1": base + 2, "PLAIN_H2": base + 2}
        return ports

    def processes(self):
        return {"out": self.outbound.pid, "in": self.inbound.pid}

    def point(self, scenario):
        """Redirects the traffic of both namespaces to this pair."""
        ports = self._ports
        # In the handshake scenarios the generator itself speaks mutual TLS to the inbound proxy.
        outbound = {} if scenario.startswith("hs-") else {MESHED_H1: ports["OUT_H1"], MESHED_H2: ports["OUT_H2"]}
        system.redirect(outbound, {MESHED_H1: ports["IN_H1"], MESHED_H2: ports["IN_H2"],
                                   PLAIN_H1: ports["PLAIN_H1"], PLAIN_H2: ports["PLAIN_H2"]})

    def up(self, client):
        """Starts both; returns the time each took to its first proxied 200, and its memory when idle."""
        self.point("")
        facts = {}
        began = time.monotonic()
        self.inbound = self._launch("in")
        if "plain" in self.features:
            self._await(client, PLAIN_H1, self.inbound)
            facts["in_ready_ms"] = 1000 * (time.monotonic() - began)
            facts["in_ready_cpu_ms"] = 1000 * system.cpu_seconds(self.inbound.pid)
        else:
            time.sleep(1)
        began = time.monotonic()
        self.outbound = self._launch("out")
        self._await(client, MESHED_H1, self.outbound)
        facts["out_ready_ms"] = 1000 * (time.monotonic() - began)
        facts["out_ready_cpu_ms"] = 1000 * system.cpu_seconds(self.outbound.pid)
        time.sleep(2)
        for side, pid in self.processes().items():
            facts[f"{side}_idle_rss_kib"], facts[f"{side}_idle_pss_kib"] = system.memory_kib(pid)
        return facts

    def down(self):
        system.stop(self.outbound)
        system.stop(self.inbound)
        self.outbound = self.inbound = None

    def _launch(self, role):
        work = os.path.join(self._work, "pair", self.name, role)
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        os.chown(work, system.PROXY_UID, system.PROXY_UID)
        pki = os.path.join(self._work, "pki")
        with open(os.path.join(pki, "server.name")) as f:
            server_name = f.read().strip()
        env = {f"BENCH_PORT_{key}": str(port) for key, port in self._ports.items()}
        env |= {"BENCH_ROLE": role, "BENCH_IDENTITY": "client" if role == "out" else "server", "BENCH_WORK": work, "HOME": work,
                "BENCH_PKI": pki, "BENCH_CLI_IP": system.CLIENT_IP, "BENCH_SRV_IP": system.SERVER_IP,
                "BENCH_SERVER_NAME": server_name, "BENCH_CP": CONTROL_PLANE, "BENCH_WORKERS": str(self._options.workers)}
        return system.start(["bash", self._script], env, os.path.join(self._work, f"{self.name}-{role}.log"),
                            system.CLIENT_NAMESPACE if role == "out" else system.SERVER_NAMESPACE,
                            self._options.proxy_cpus, system.PROXY_UID)

    def _await(self, client, port, process):
        end = time.monotonic() + READY_TIMEOUT_SECONDS
        while time.monotonic() < end:
            if client(lambda: answers(system.SERVER_IP, port)):
                return
            if process.poll() is not None:
                break
            time.sleep(0.002)
        cause = "it ended" if process.poll() is not None else f"no answer within {READY_TIMEOUT_SECONDS} s"
        raise system.BenchError(f"pair {self.name} does not serve port {port}; cause: {cause}; fix: read {self._work}/{self.name}-*.log")

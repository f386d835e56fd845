"""One run: origin, control planes and every pair stay up, only the redirects are switched; measurements are interleaved."""

import json
import os
import shutil
import subprocess
import sys
import time

from . import load, pairs, system

PREWARM = (("h1-c16", 1.0), ("h2-4x4", 1.0), ("churn-c8", .5), ("bulk-1m", .5), ("hs-x25519", .3), ("plain-h1-c16", .2))
"""What compiles a JVM's code before anything counts, with the share of --prewarm each gets."""

NATIVE_PREWARM_SECONDS = 1
ORIGIN_TIMEOUT_SECONDS = 10
IDLE_SETTLE_SECONDS, IDLE_WATCH_SECONDS = 3, 5
FAILURES = (load.LoadError, subprocess.TimeoutExpired, json.JSONDecodeError)

ORIGIN = """
worker_processes 1; daemon off; pid {dir}/pid; error_log {dir}/error.log warn; worker_rlimit_nofile 20000; user root;
events {{ worker_connections 16384; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; default_type text/plain; server_tokens off; etag off;
  keepalive_timeout 600s; keepalive_requests 100000000; open_file_cache max=100 inactive=600s;
  client_body_temp_path {dir}/a; proxy_temp_path {dir}/b; fastcgi_temp_path {dir}/c; uwsgi_temp_path {dir}/d; scgi_temp_path {dir}/e;
  server {{ listen {ip}:8080 backlog=4096; listen {ip}:8081 backlog=4096; listen {ip}:8082 backlog=4096; root {www}; }}
}}
"""


class Run:
    """Measures pairs; every result is appended to a file at once and kept in `results`."""

    def __init__(self, options, work):
        self.results = []
        self.failures = []
        self._options = options
        self._work = work
        self._generators = load.Generators(work, options.load_cpus)
        self._helpers = {}
        self._client = None
        names = options.pairs.split(",")
        self._pairs = [pairs.Direct() if n == "direct" else pairs.Pair(n, i, work, options) for i, n in enumerate(names)]

    def run(self):
        try:
            self._copy_programs()
            self._start_helpers()
            self._measure_startup()
            for pair in self._pairs:
                pair.up(self._client)
            self._prewarm()
            for round_number in range(self._options.rounds):
                self._measure_round(round_number)
            self._measure_idle()
        finally:
            for pair in self._pairs:
                pair.down()
            for process in self._helpers.values():
                system.stop(process, 2)
            system.network_down()

    # ------------------------------------------------------------- surroundings

    def _copy_programs(self):
        """To where the proxies' user can read them, and where no build changes them meanwhile."""
        shutil.rmtree(self._work, ignore_errors=True)
        os.makedirs(self._work)
        os.chmod(self._work, 0o755)
        shutil.copytree(os.path.join(pairs.HERE, "pairs"), os.path.join(self._work, "pairs"))
        if any(pair.name == "weft" for pair in self._pairs):
            library = os.environ.get("WEFT_PROXY_LIB", os.path.join(pairs.HERE, "..", "cli", "target", "weft", "lib", "proxy"))
            if not os.path.isdir(library):
                raise system.BenchError(f"no proxy to measure; cause: there is no {library}; fix: make dist")
            shutil.copytree(library, os.path.join(self._work, "proxy"))

    def _start_helpers(self):
        work, cpus = self._work, self._options.load_cpus
        pki = os.path.join(work, "pki")
        system.run(load.MESHBENCH, "pki", "-dir", pki)
        system.network_up()
        self._client = system.NamespaceThread(system.CLIENT_NAMESPACE)
        www, origin = os.path.join(work, "www"), os.path.join(work, "origin")
        os.makedirs(www, exist_ok=True)
        os.makedirs(origin, exist_ok=True)
        for name, size in (("1k", 1 << 10), ("1m", 1 << 20), ("10m", 10 << 20)):
            with open(os.path.join(www, name), "wb") as f:
                f.write(b"x" * size)
        configuration = os.path.join(origin, "nginx.conf")
        with open(configuration, "w") as f:
            f.write(ORIGIN.format(dir=origin, ip=system.SERVER_IP, www=www))
        self._helpers["origin-h1"] = system.start(
            ["nginx", "-p", origin, "-e", origin + "/error.log", "-c", configuration], {}, origin + "/nginx.log",
            system.SERVER_NAMESPACE, cpus)
        listen = ",".join(f"{system.SERVER_IP}:{port}" for port in (pairs.MESHED_H2, pairs.DIRECT_H2, pairs.PLAIN_H2))
        self._helpers["origin-h2"] = system.start([load.MESHBENCH, "origin", "-listen", listen], {"GOMAXPROCS": "1"},
                                                  origin + "/h2.log", system.SERVER_NAMESPACE, cpus)
        for namespace in (system.CLIENT_NAMESPACE, system.SERVER_NAMESPACE):
            self._helpers["control-" + namespace] = system.start(
                [load.MESHBENCH, "control", "-listen", pairs.CONTROL_PLANE, "-pki", pki, "-server-ip", system.SERVER_IP],
                {"GOMAXPROCS": "1"}, os.path.join(work, f"control-{namespace}.log"), namespace, cpus)
        end = time.monotonic() + ORIGIN_TIMEOUT_SECONDS
        while not all(self._client(lambda p=port: pairs.answers(system.SERVER_IP, p)) for port in (pairs.DIRECT_H1, pairs.DIRECT_H2)):
            if time.monotonic() > end:
                raise system.BenchError(f"the origin servers do not answer; fix: read {origin}/*.log")
            time.sleep(0.05)

    # -------------------------------------------------------------- measurements

    def _measure_startup(self):
        for repetition in range(self._options.startups):
            for pair in self._pairs:
                if pair.name != "direct":
                    facts = pair.up(self._client)
                    pair.down()
                    self._save({"pair": pair.name, "scenario": "startup", "round": repetition, **facts})

    def _prewarm(self):
        for pair in self._pairs:
            if pair.name == "direct":
                continue
            for scenario, share in PREWARM:
                seconds = int(self._options.prewarm * share) if "jit" in pair.features else min(NATIVE_PREWARM_SECONDS, self._options.prewarm)
                if seconds and load.applies(pair, scenario):
                    pair.point(scenario)
                    self._generators.scenario(pair, scenario, seconds)

    def _scenarios(self, idle):
        return [s for s in self._options.scenarios.split(",") if s.startswith("idle-") == idle]

    def _measure_round(self, number):
        turn = number % len(self._pairs)
        for scenario in self._scenarios(idle=False):
            for pair in self._pairs[turn:] + self._pairs[:turn]:
                if load.applies(pair, scenario):
                    try:
                        self._save({"pair": pair.name, "scenario": scenario, "round": number, **self._measure(pair, scenario)})
                    except FAILURES as failure:
                        self._fail(pair, scenario, failure)

    def _measure(self, pair, scenario):
        """Measures until nobody else disturbs, a few times at most; returns the calmest measurement."""
        options, best = self._options, None
        pair.point(scenario)
        for _ in range(options.retries + 1):
            self._settle()
            if options.warmup:
                self._generators.scenario(pair, scenario, options.warmup)
            facts = self._measure_once(pair, scenario)
            if best is None or facts["foreign_cores"] < best["foreign_cores"]:
                best = facts
            if facts["foreign_cores"] <= options.max_foreign:
                break
        return best

    def _measure_once(self, pair, scenario):
        processes = {name: p.pid for name, p in self._helpers.items()} | pair.processes()
        before = {name: system.cpu_seconds(pid) for name, pid in processes.items()}
        machine, own, began = system.machine_cpu_seconds(), sum(os.times()[:4]), time.monotonic()
        facts = self._generators.scenario(pair, scenario, self._options.seconds)
        own, wall = sum(os.times()[:4]) - own, time.monotonic() - began
        machine = system.machine_cpu_seconds() - machine
        cpu = {name: system.cpu_seconds(pid) - before[name] for name, pid in processes.items()}
        facts |= {"cpu_out": cpu.get("out", 0), "cpu_in": cpu.get("in", 0), "cpu_origin": cpu["origin-h1"] + cpu["origin-h2"],
                  "cpu_load": own, "foreign_cores": max(0.0, (machine - sum(cpu.values()) - own) / wall)}
        for side, pid in pair.processes().items():
            facts[f"{side}_rss_kib"], facts[f"{side}_pss_kib"] = system.memory_kib(pid)
        return facts

    def _settle(self):
        """Waits, within reason, until nobody else uses the machine."""
        end = time.monotonic() + self._options.settle
        while time.monotonic() < end:
            before = system.machine_cpu_seconds()
            time.sleep(0.5)
            if (system.machine_cpu_seconds() - before) / 0.5 < self._options.max_foreign:
                return
            time.sleep(1.5)

    def _measure_idle(self):
        """Last and on fresh processes, because it disturbs the memory of all that follows."""
        for scenario in self._scenarios(idle=True):
            for pair in self._pairs:
                if pair.name == "direct":
                    continue
                pair.down()
                pair.up(self._client)
                pair.point(scenario)
                try:
                    self._save({"pair": pair.name, "scenario": scenario, "round": 0, **self._hold(pair, int(scenario.split("-")[1]))})
                except FAILURES as failure:
                    self._fail(pair, scenario, failure)

    def _hold(self, pair, connections):
        before = {side: system.memory_kib(pid) for side, pid in pair.processes().items()}
        holder = self._generators.idle(connections)
        facts = json.loads(holder.stdout.readline())
        time.sleep(IDLE_SETTLE_SECONDS)
        cpu = {}
        for side, pid in pair.processes().items():
            rss, pss = system.memory_kib(pid)
            facts |= {f"{side}_rss_kib": rss, f"{side}_base_rss_kib": before[side][0],
                      f"{side}_kib_per_connection": (pss - before[side][1]) / max(1, facts["open"])}
            cpu[side] = system.cpu_seconds(pid)
        time.sleep(IDLE_WATCH_SECONDS)
        for side, pid in pair.processes().items():
            facts[f"{side}_idle_cpu_percent"] = 100 * (system.cpu_seconds(pid) - cpu[side]) / IDLE_WATCH_SECONDS
        holder.stdin.close()
        last = holder.stdout.readline()
        holder.wait(30)
        return facts | (json.loads(last) if last else {})

    # ------------------------------------------------------------------ keeping

    def _save(self, facts):
        self.results.append(facts)
        with open(os.path.join(self._options.out, "measurements.jsonl"), "a") as f:
            f.write(json.dumps(facts) + "\n")
        shown = [f"{key}={facts[key]:.0f}" for key in ("rps", "p50_us", "p99_us", "p999_us") if key in facts]
        if "cpu_out" in facts:
            shown += [f"cpu={1e6 * (facts['cpu_out'] + facts['cpu_in']) / max(1, facts['requests']):.1f}us/request",
                      f"errors={facts['errors']}", f"foreign={facts['foreign_cores']:.2f}"]
        else:
            shown += [f"{key}={value:.0f}" for key, value in facts.items() if isinstance(value, float)]
        print(f"  {facts['round']} {facts['scenario']:<13} {facts['pair']:<11}", *shown, flush=True)

    def _fail(self, pair, scenario, failure):
        self.failures.append(f"{scenario} {pair.name}: {str(failure)[-300:]}")
        print("  FAILED", self.failures[-1], file=sys.stderr, flush=True)

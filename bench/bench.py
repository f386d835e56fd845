#!/usr/bin/env python3
"""Measures proxy pairs side by side in one run; see README.md in this directory.

    bench.py run [options]      measure, print Markdown tables, save JSON
    bench.py smoke              does every scenario work with Weft? under a minute, figures mean nothing
    bench.py report FILE        the tables of a saved results.json
    bench.py clean              remove what a crashed run left behind
"""

import argparse
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
import time

from harness import pairs, report, system
from harness.measure import Run

SCENARIOS = ("h1-c1,h1-c16,h1-c64,plain-h1-c16,h2-1x1,h2-4x4,h2-4x16,grpc-4x4,rate-2000,churn-c8,hs-x25519,hs-p256,hs-mlkem768,"
             "bulk-1m,bulk-10m,idle-5000")
SMOKE_SCENARIOS = "h1-c16,plain-h1-c16,h2-4x4,grpc-4x4,rate-500,churn-c8,hs-x25519,bulk-1m,idle-50"
PAIRS = "direct,weft,nginx,haproxy,haproxy-h2"
TOOLS = ("ip", "iptables", "nginx", "wrk", "h2load", "taskset", "setpriv")
EXIT_FAILED, EXIT_TERMINATED = 1, 143
WORK = os.path.join(tempfile.gettempdir(), "weft-bench")


def check_machine(names):
    wanted = list(TOOLS) + (["haproxy"] if "haproxy" in names else [])
    missing = [tool for tool in wanted if shutil.which(tool) is None]
    if os.geteuid() != 0:
        raise system.BenchError("the benchmark cannot start; cause: network namespaces need root; fix: run it as root")
    if missing:
        raise system.BenchError(f"the benchmark cannot start; cause: not found: {', '.join(missing)}; fix: install the Debian packages "
                                "iproute2 iptables nginx-light wrk nghttp2-client haproxy util-linux")


def machine():
    """What the figures depend on, without naming the machine."""
    with open("/proc/cpuinfo") as f:
        models = [line.split(":", 1)[1].strip() for line in f if line.startswith("model name")]
    return {"cpus": os.cpu_count(), "cpu": models[0] if models else platform.machine(), "kernel": platform.release()}


def measure(options):
    check_machine(options.pairs)
    if os.environ.get("PEER"):
        options.pairs += ",peer"
    options.out = os.path.abspath(options.out)
    os.makedirs(options.out, exist_ok=True)
    run = Run(options, WORK)
    run.run()
    settings = {key: value for key, value in vars(options).items() if key not in ("command", "out")}
    document = {"settings": settings, "machine": machine(), "failures": run.failures, "summary": report.summarize(run.results),
                "measurements": run.results}
    path = os.path.join(options.out, "results.json")
    with open(path, "w") as f:
        json.dump(document, f, indent=1)
    if options.command == "run":
        print("\n" + report.markdown(document["summary"]))
        print(f"saved: {path}")
    return run


def smoke(options):
    """Fails unless every scenario gave requests without errors."""
    run = measure(options)
    problems = list(run.failures)
    for facts in run.results:
        where = f"{facts['scenario']} {facts['pair']}"
        if facts.get("errors"):
            problems.append(f"{where}: {facts['errors']} errors")
        if facts["scenario"] != "startup" and not facts.get("requests", facts.get("open")):
            problems.append(f"{where}: no request was answered")
    if problems:
        raise system.BenchError("smoke failed; cause: " + "; ".join(problems) + f"; fix: read the logs in {WORK}")
    print("smoke passed")


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    last_cpu = (os.cpu_count() or 2) - 1
    for name in ("run", "smoke"):
        quick = name == "smoke"
        c = commands.add_parser(name)
        c.add_argument("--pairs", default="direct,weft" if quick else PAIRS, help="comma separated, from bench/pairs; `direct` is no proxy")
        c.add_argument("--scenarios", default=SMOKE_SCENARIOS if quick else SCENARIOS)
        c.add_argument("--rounds", type=int, default=1 if quick else 3)
        c.add_argument("--seconds", type=int, default=1 if quick else 6, help="of one measurement")
        c.add_argument("--warmup", type=int, default=0 if quick else 1, help="seconds before each measurement")
        c.add_argument("--prewarm", type=int, default=0 if quick else 20, help="seconds of load at the very start for pairs marked jit")
        c.add_argument("--startups", type=int, default=0 if quick else 3)
        c.add_argument("--proxy-cpus", default=str(last_cpu), help="CPUs both proxies of a pair share")
        c.add_argument("--load-cpus", default="0", help="CPUs of generators, origin and control plane")
        c.add_argument("--workers", type=int, default=1, help="threads per proxy")
        c.add_argument("--max-foreign", type=float, default=9 if quick else 0.1, help="measure again when others used more cores")
        c.add_argument("--retries", type=int, default=0 if quick else 2)
        c.add_argument("--settle", type=int, default=0 if quick else 45, help="wait at most so many seconds for a calm moment")
        c.add_argument("--out", default=os.path.join(pairs.HERE, "target", time.strftime("%Y%m%d-%H%M%S")))
    c = commands.add_parser("report")
    c.add_argument("file")
    commands.add_parser("clean")
    return parser.parse_args()


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_TERMINATED))
    try:
        match options.command:
            case "run":
                return EXIT_FAILED if measure(options).failures else 0
            case "smoke":
                smoke(options)
            case "report":
                with open(options.file) as f:
                    print(report.markdown(report.summarize(json.load(f)["measurements"])))
            case "clean":
                system.network_down()
    except system.BenchError as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return EXIT_FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Processes, their CPU time and memory, and the two network namespaces a run lives in."""

import ctypes
import os
import queue
import signal
import subprocess
import threading

CLIENT_NAMESPACE, SERVER_NAMESPACE = "weft-bench-cli", "weft-bench-srv"
CLIENT_IP, SERVER_IP = "10.201.0.1", "10.201.0.2"
PROXY_UID = 2102
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
CLONE_NEWNET = 0x40000000
CHAIN = "WEFT_BENCH"
SYSCTLS = {
    "net.ipv4.ip_local_port_range": "20000 65000",
    "net.ipv4.tcp_tw_reuse": "1",
    "net.core.somaxconn": "4096",
    "net.ipv4.tcp_max_syn_backlog": "8192",
}


class BenchError(Exception):
    """Something the reader has to mend; the text says what failed, the cause and the fix."""


def run(*command, check=True):
    result = subprocess.run(command, capture_output=True, text=True)
    if check and result.returncode:
        cause = result.stderr.strip() or result.stdout.strip()
        raise BenchError(f"command failed: {' '.join(command)}; cause: {cause}")
    return result.stdout


def inside(namespace, *command):
    """The command, to be run in a network namespace."""
    return ["ip", "netns", "exec", namespace, *command]


# ------------------------------------------------------------------ namespaces


class NamespaceThread:
    """A thread that lives in a network namespace and runs functions there."""

    def __init__(self, namespace):
        self._namespace = namespace
        self._jobs = queue.Queue()
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self):
        libc = ctypes.CDLL(None, use_errno=True)
        fd = os.open(f"/var/run/netns/{self._namespace}", os.O_RDONLY)
        entered = libc.setns(fd, CLONE_NEWNET) == 0
        while True:
            job, answer = self._jobs.get()
            try:
                if not entered:
                    raise BenchError(f"cannot enter namespace {self._namespace}; cause: setns was refused")
                answer.put((True, job()))
            except Exception as failure:  # handed to the caller
                answer.put((False, failure))

    def __call__(self, job):
        answer = queue.Queue()
        self._jobs.put((job, answer))
        worked, value = answer.get()
        if not worked:
            raise value
        return value


def network_up():
    """Two namespaces joined by a veth pair; an empty redirect chain in each."""
    network_down()
    for namespace in (CLIENT_NAMESPACE, SERVER_NAMESPACE):
        run("ip", "netns", "add", namespace)
        run(*inside(namespace, "ip", "link", "set", "lo", "up"))
    run("ip", "link", "add", "wbc0", "netns", CLIENT_NAMESPACE, "type", "veth", "peer", "name", "wbs0", "netns", SERVER_NAMESPACE)
    for namespace, device, ip in ((CLIENT_NAMESPACE, "wbc0", CLIENT_IP), (SERVER_NAMESPACE, "wbs0", SERVER_IP)):
        run(*inside(namespace, "ip", "addr", "add", ip + "/30", "dev", device))
        run(*inside(namespace, "ip", "link", "set", device, "up"))
        for key, value in SYSCTLS.items():
            run(*inside(namespace, "sysctl", "-q", "-w", f"{key}={value}"), check=False)
        _iptables(namespace, "-N", CHAIN)
    _iptables(CLIENT_NAMESPACE, "-A", "OUTPUT", "-p", "tcp", "-d", SERVER_IP, "-j", CHAIN)
    _iptables(SERVER_NAMESPACE, "-A", "PREROUTING", "-p", "tcp", "-j", CHAIN)


def network_down():
    """Removes the namespaces and what a crashed run left in them."""
    existing = run("ip", "netns", "list").split()
    for namespace in (CLIENT_NAMESPACE, SERVER_NAMESPACE):
        if namespace in existing:
            for pid in run("ip", "netns", "pids", namespace).split():
                if int(pid) != os.getpid():
                    _kill(int(pid))
            run("ip", "netns", "del", namespace)


def redirect(outbound, inbound):
    """Points the transparent redirects at one pair: maps of destination port to port, per side."""
    for namespace in (CLIENT_NAMESPACE, SERVER_NAMESPACE):
        _iptables(namespace, "-F", CHAIN)
    for port, to in outbound.items():
        _iptables(CLIENT_NAMESPACE, "-A", CHAIN, "-p", "tcp", "--dport", str(port), "-m", "owner", "!", "--uid-owner",
                  str(PROXY_UID), "-j", "REDIRECT", "--to-ports", str(to))
    for port, to in inbound.items():
        _iptables(SERVER_NAMESPACE, "-A", CHAIN, "-p", "tcp", "--dport", str(port), "-j", "REDIRECT", "--to-ports", str(to))


def _iptables(namespace, *arguments):
    run(*inside(namespace, "iptables", "-w", "-t", "nat", *arguments))


# ------------------------------------------------------------------- processes


def start(command, env, log, namespace, cpus, uid=None):
    """Starts a process pinned to CPUs in a namespace; its output goes to the end of a log file."""
    prefix = inside(namespace, "taskset", "-c", cpus)
    if uid:
        prefix += ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--no-new-privs"]
    with open(log, "ab") as out:
        return subprocess.Popen(prefix + command, env={**os.environ, **env}, stdin=subprocess.DEVNULL, stdout=out, stderr=out)


def stop(process, grace_seconds=4):
    """Ends a process, by force with all its children once the grace is over."""
    if process is None or process.poll() is not None:
        return
    family = _tree(process.pid, _processes())
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(grace_seconds)
    except subprocess.TimeoutExpired:
        for pid in family:
            _kill(pid)
        process.wait()


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _processes():
    """pid → (parent, ticks of user and system time, reaped children included)."""
    table = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as f:
                stat = f.read()
        except OSError:
            continue
        fields = stat[stat.rindex(")") + 2:].split()
        table[int(name)] = (int(fields[1]), sum(int(x) for x in fields[11:15]))
    return table


def _tree(root, table):
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        if pid in table:
            found.append(pid)
            todo += [child for child, (parent, _) in table.items() if parent == pid]
    return found


def cpu_seconds(pid):
    """CPU seconds a process and its descendants have used since they began."""
    table = _processes()
    return sum(table[p][1] for p in _tree(pid, table)) / TICKS_PER_SECOND


def machine_cpu_seconds():
    """CPU seconds of all processes. (The busy column of /proc/stat is sampled at the timer tick and misleads with short bursts.)"""
    return sum(ticks for _, ticks in _processes().values()) / TICKS_PER_SECOND


def memory_kib(pid):
    """Resident and proportional memory of a process and its descendants."""
    totals = {"Rss:": 0, "Pss:": 0}
    for member in _tree(pid, _processes()):
        try:
            with open(f"/proc/{member}/smaps_rollup") as f:
                for line in f:
                    key, value = line.split()[:2]
                    if key in totals:
                        totals[key] += int(value)
        except (OSError, ValueError):
            continue
    return totals["Rss:"], totals["Pss:"]

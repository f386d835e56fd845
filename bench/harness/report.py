"""From measurements to figures: medians, spread, ratios to the other pairs; as JSON and as Markdown."""

import statistics

STARTUP_COLUMNS = (("out ready ms", "out_ready_ms", 1), ("in ready ms", "in_ready_ms", 1), ("out CPU ms", "out_ready_cpu_ms", 1),
                   ("in CPU ms", "in_ready_cpu_ms", 1), ("out RSS MiB", "out_idle_rss_kib", 1024), ("in RSS MiB", "in_idle_rss_kib", 1024))
IDLE_COLUMNS = (("open", "open", 1), ("out RSS before MiB", "out_base_rss_kib", 1024), ("after", "out_rss_kib", 1024),
                ("KiB/connection", "out_kib_per_connection", 1), ("in RSS before MiB", "in_base_rss_kib", 1024),
                ("after", "in_rss_kib", 1024), ("KiB/connection", "in_kib_per_connection", 1), ("out CPU %", "out_idle_cpu_percent", 1),
                ("in CPU %", "in_idle_cpu_percent", 1), ("alive of 10", "alive_of_10", 1))


def summarize(measurements):
    """scenario → pair → figures; CPU in µs per request, latencies in µs, memory in KiB."""
    summary = {}
    for scenario in _distinct(measurements, "scenario"):
        of_scenario = [m for m in measurements if m["scenario"] == scenario]
        figures = {name: _figures([m for m in of_scenario if m["pair"] == name]) for name in _distinct(of_scenario, "pair")}
        for name, own in figures.items():
            if own.get("cpu_us"):
                own["cpu_ratio_to"] = {other: own["cpu_us"] / peer["cpu_us"] for other, peer in figures.items()
                                       if other not in (name, "direct") and peer.get("cpu_us")}
        summary[scenario] = figures
    return summary


def _distinct(rows, key):
    return list(dict.fromkeys(row[key] for row in rows))


def _figures(rows):
    figures = {"n": len(rows)}
    for key in _distinct([{"k": k} for row in rows for k, v in row.items() if isinstance(v, (int, float))], "k"):
        values = [row[key] for row in rows if row.get(key) is not None]
        figures[key] = statistics.median(values)
    if "cpu_out" in rows[0]:
        def per_request(*keys):
            return [1e6 * sum(row[k] for k in keys) / max(1, row["requests"]) for row in rows]

        pair, rates = per_request("cpu_out", "cpu_in"), [row["rps"] for row in rows]
        figures |= {"cpu_us": statistics.median(pair), "cpu_us_min": min(pair), "cpu_us_max": max(pair),
                    "cpu_out_us": statistics.median(per_request("cpu_out")), "cpu_in_us": statistics.median(per_request("cpu_in")),
                    "rps_min": min(rates), "rps_max": max(rates), "errors": sum(row["errors"] for row in rows),
                    "foreign_cores": max(row["foreign_cores"] for row in rows)}
    return figures


def markdown(summary):
    """One table per scenario."""
    blocks = []
    for scenario, figures in summary.items():
        if scenario == "startup":
            blocks.append(_plain_table("start to first proxied 200, and memory when idle", figures, STARTUP_COLUMNS))
        elif scenario.startswith("idle-"):
            blocks.append(_plain_table(f"{scenario}: connections held open after one request each", figures, IDLE_COLUMNS))
        else:
            blocks.append(_load_table(scenario, figures))
    return "\n".join(blocks)


def _plain_table(title, figures, columns):
    lines = [[name] + [f"{own[key] / unit:.1f}" if key in own else "–" for _, key, unit in columns] for name, own in figures.items()]
    return _table(title, ["pair"] + [head for head, _, _ in columns], lines)


def _load_table(scenario, figures):
    peers = [name for name, own in figures.items() if own.get("cpu_us") and name != "weft"]
    bulk = any("mb_per_s" in own for own in figures.values())
    head = ["pair", "req/s", "range"] + (["MB/s"] if bulk else []) + ["p50 ms", "p99 ms", "p99.9 ms", "CPU µs/req", "range", "out", "in"]
    head += [f"× {peer}" for peer in peers] + ["RSS out/in MiB", "errors", "foreign", "n"]
    lines = []
    for name, own in figures.items():
        line = [name, f"{own['rps']:.0f}", f"{own['rps_min']:.0f}–{own['rps_max']:.0f}"]
        line += [f"{own['mb_per_s']:.0f}"] if bulk else []
        line += [f"{own[key] / 1000:.3f}" for key in ("p50_us", "p99_us", "p999_us")]
        if name == "direct":
            line += ["–"] * (4 + len(peers) + 1)
        else:
            line += [f"{own['cpu_us']:.1f}", f"{own['cpu_us_min']:.1f}–{own['cpu_us_max']:.1f}", f"{own['cpu_out_us']:.1f}", f"{own['cpu_in_us']:.1f}"]
            line += [f"{own['cpu_ratio_to'][peer]:.2f}" if peer in own["cpu_ratio_to"] else "1" for peer in peers]
            line += [f"{own['out_rss_kib'] / 1024:.0f}/{own['in_rss_kib'] / 1024:.0f}"]
        lines.append(line + [f"{own['errors']:.0f}", f"{own['foreign_cores']:.2f}", str(own["n"])])
    return _table(scenario, head, lines)


def _table(title, head, lines):
    rows = [head, ["---"] + ["---:"] * (len(head) - 1), *lines]
    return f"### {title}\n\n" + "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"

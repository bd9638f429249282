#!/usr/bin/env python3
"""What a telemetry log costs, computed from its lines with nothing but the standard library.

    independent.py generate FOLDER COUNT    writes months of events, some of them odd, and lines that are none
    independent.py compare FOLDER ZONE      reads reports of `loquat usage --json` from stdin, one JSON value
                                            after the other, and exits with 1 where one says something else
"""

import json
import math
import random
import sys
import uuid
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

NANO = Decimal("1e-9")
TOKENS = ["tokens_in", "tokens_out", "cached_in", "reasoning_out", "cache_write"]


def generate(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(7)
    begin = datetime(2026, 1, 30, 12, 0, tzinfo=timezone.utc)
    span = timedelta(days=300)
    conversations = [str(uuid.UUID(int=draw.getrandbits(128), version=4)) for _ in range(max(1, count // 9))]
    models = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "llama3.3:70b", 'odd "quoted" \\ model', "模型-ü", ""]
    months = {}
    for number in range(count):
        at = begin + span * number / count + timedelta(milliseconds=draw.randrange(-3_600_000, 3_600_000))
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        stamp = at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
        nanos = draw.choice([None, 0, draw.randrange(10_000), draw.randrange(10**8), draw.randrange(10**12)])
        cost = None if nanos is None else str((Decimal(nanos) * NANO).normalize())
        failed = draw.random() < 0.05
        tokens = [draw.choice([None, 0, draw.randrange(200_000)]) for _ in TOKENS]
        latency = round(draw.expovariate(0.3), draw.choice([3, 6, 9]))
        event = {
            "v": 1,
            "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "userId": draw.choice(["ana", "ben", "Ünal"]),
            "ts": stamp,
            "model": draw.choice(models),
            "provider": draw.choice(["openai", "anthropic"]),
            "tokens_in": tokens[0],
            "tokens_out": tokens[1],
            "costEUR": None,
            "latency": latency,
            "endpoint": draw.choice(["openAI", "LiteLLM", "Ollama local"]),
            "key": draw.choice(["default", "work", "home"]),
            "alias": draw.choice([None, "fast"]),
            "model_served": draw.choice([None, "served-2026"]),
            "ttft": draw.choice([None, round(latency * draw.random(), 6)]),
            "cached_in": tokens[2],
            "cache_write": tokens[4],
            "reasoning_out": tokens[3],
            "estimated": draw.random() < 0.1,
            "costUSD": None,
            "eur_per_usd": 0.92,
            **({"cost_told": True} if draw.random() < 0.1 else {}),
            "status": "error" if failed else draw.choice(["ok"] * 20 + ["cut", "cancelled"]),
            "error": draw.choice(["rate_limit", "timeout", "provider"]) if failed else None,
            "http_status": 200,
            "attempt": 1,
            "attempts": 1,
            "final": draw.random() < 0.9,
            "finish": "stop",
            "conversation": draw.choice([None] + [draw.choice(conversations)] * 9),
            "message": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "mode": draw.choice(["tui"] * 5 + ["oneshot", "title", "summary"]),
        }
        line = json.dumps(event, separators=(",", ":"), ensure_ascii=draw.random() < 0.5)
        if cost is not None:
            # A form that a person or another program may write.
            if draw.random() < 0.02:
                cost = f"{Decimal(cost):E}"
            elif draw.random() < 0.02:
                cost = f"{Decimal(cost) + Decimal(draw.randrange(1000)) * Decimal('1e-12')}"
            elif "E" in cost:
                cost = f"{Decimal(cost):f}"
            line = line.replace('"costEUR":null', f'"costEUR":{cost}', 1)
        oddity = draw.random()
        if oddity < 0.002:
            line = line[: draw.randrange(1, len(line))]
        elif oddity < 0.003:
            line = json.dumps({"hello": number})
        elif oddity < 0.004:
            line = ""
        elif oddity < 0.006:
            line = json.dumps({"v": 2, "more": {"a": [1]}, "ts": stamp, "status": "ok", "final": True, "model": "later"})
        elif oddity < 0.008:
            line = json.dumps(dict(reversed(json.loads(line, parse_float=float).items())))
        months.setdefault(stamp[:7], []).append(line)
    for month, lines in months.items():
        text = "\n".join(lines) + "\n"
        # A line that is being written, or was when its process ended.
        if draw.random() < 0.5:
            text += '{"v":1,"id":"01'
        (folder / f"requests-{month}.jsonl").write_text(text, encoding="utf-8")


def events(folder: Path):
    for path in sorted(folder.glob("requests-*.jsonl")):
        for line in path.read_bytes().split(b"\n")[:-1]:
            try:
                event = json.loads(line, parse_float=Decimal)
                event["at"] = datetime.fromisoformat(event["ts"].replace("Z", "+00:00"))
                if event["status"] in ("ok", "error", "cancelled", "cut") and isinstance(event["final"], bool):
                    yield event
            except (ValueError, KeyError, TypeError):
                pass


def group(event: dict, by: str, day: date) -> str:
    text = lambda name: event.get(name) or ""
    if by == "day":
        return day.isoformat()
    if by == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if by == "key":
        return f"{text('endpoint')}/{text('key')}"
    return text({"user": "userId"}.get(by, by))


def micros(seconds) -> int:
    return math.floor(float(seconds) * 1e6 + 0.5)


def percentile(values: list, percent: int):
    if not values:
        return None
    return sorted(values)[max(1, -(-len(values) * percent // 100)) - 1]


def totals(rows: list) -> dict:
    finals = [row for row in rows if row["final"]]
    cost = sum(
        int((Decimal(row["costEUR"]).quantize(NANO, ROUND_HALF_EVEN) / NANO).to_integral_value())
        for row in rows
        if row.get("costEUR") is not None
    )
    latencies = [micros(row["latency"]) for row in finals if row.get("latency") is not None]
    ttfts = [micros(row["ttft"]) for row in finals if row.get("ttft") is not None]
    told = [row for row in finals if None not in (row.get("latency"), row.get("ttft"), row.get("tokens_out"))]
    told = [row for row in told if micros(row["latency"]) > micros(row["ttft"])]
    generated = sum(row["tokens_out"] for row in told)
    generating = sum(micros(row["latency"]) - micros(row["ttft"]) for row in told)
    billed = [row for row in rows if (row.get("tokens_in") or 0) + (row.get("tokens_out") or 0) > 0]
    return {
        "requests": len(finals),
        "errors": sum(row["status"] == "error" for row in finals),
        "cancelled": sum(row["status"] == "cancelled" for row in finals),
        "cut": sum(row["status"] == "cut" for row in finals),
        "attempts": len(rows),
        "estimated": sum(bool(row.get("estimated")) for row in rows),
        "cost_told": sum(bool(row.get("cost_told")) for row in rows),
        "unpriced": sum(row.get("costEUR") is None for row in billed),
        "cost_nanos": cost,
        "latency_p50": percentile(latencies, 50),
        "latency_p95": percentile(latencies, 95),
        "ttft_p50": percentile(ttfts, 50),
        "ttft_p95": percentile(ttfts, 95),
        "tokens_per_second": float(generated) * 1e6 / float(generating) if generating else None,
        **{name: sum(row.get(name) or 0 for row in rows) for name in TOKENS},
    }


def told(row: dict) -> dict:
    """A row of a report in the units of `totals`."""
    row = dict(row)
    row.pop("key")
    row["cost_nanos"] = int(Decimal(row.pop("cost_eur")) / NANO)
    for name in ["latency_p50", "latency_p95", "ttft_p50", "ttft_p95"]:
        row[name] = None if row[name] is None else micros(row[name])
    row["tokens_per_second"] = None if row["tokens_per_second"] is None else float(row["tokens_per_second"])
    return row


def compare(folder: Path, zone: ZoneInfo) -> int:
    every = [(event, event["at"].astimezone(zone).date()) for event in events(folder)]
    decoder = json.JSONDecoder(parse_float=Decimal)
    text = sys.stdin.read().strip()
    wrong = groups = 0
    while text:
        report, end = decoder.raw_decode(text)
        text = text[end:].strip()
        first, last = date.fromisoformat(report["from"]), date.fromisoformat(report["to"])
        expected = defaultdict(list)
        for event, day in every:
            if first <= day <= last:
                expected[group(event, report["by"], day)].append(event)
        rows = {row["key"]: told(row) for row in report["rows"]}
        whole = totals([event for rows in expected.values() for event in rows])
        pairs = [(key, totals(expected[key]) if key in expected else None, rows.get(key)) for key in expected | rows]
        for key, mine, theirs in pairs + [("total", whole, told(report["total"]))]:
            groups += 1
            if mine != theirs:
                wrong += 1
                print(f"by {report['by']}, {key!r}:\n  {mine}\n  {theirs}")
    print(f"{groups} groups of {len(every)} events compared, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["generate", folder, count]:
            generate(Path(folder), int(count))
        case ["compare", folder, zone]:
            sys.exit(compare(Path(folder), ZoneInfo(zone)))
        case _:
            sys.exit(__doc__)

#!/usr/bin/env python3
"""Makes config/prices.txt, the built-in price table, anew from LiteLLM's price map.

    python3 config/prices.py MAP DATE NAME     take the map's rows; DATE is when it was had, NAME what it is
    python3 config/prices.py --check           only say whether the table is in order

MAP is LiteLLM's model_prices_and_context_window.json (MIT licence), of which only facts are taken. Rows of the
table that come from elsewhere stay where the map has none for their model; a row of the map replaces them.
"""

import decimal
import json
import pathlib
import re
import sys

TABLE = pathlib.Path(__file__).with_name("prices.txt")

# What LiteLLM calls a seller, our name for it, and what its ids begin with there.
SELLERS = {
    "anthropic": ("anthropic", ""),
    "azure": ("azure", "azure/"),
    "bedrock": ("bedrock", ""),
    "bedrock_converse": ("bedrock", ""),
    "cerebras": ("cerebras", "cerebras/"),
    "deepseek": ("deepseek", "deepseek/"),
    "fireworks_ai": ("fireworks", "fireworks_ai/"),
    "gemini": ("gemini", "gemini/"),
    "groq": ("groq", "groq/"),
    "mistral": ("mistral", "mistral/"),
    "openai": ("openai", ""),
    "perplexity": ("perplexity", "perplexity/"),
    "together_ai": ("together", "together_ai/"),
    "vertex_ai-anthropic_models": ("vertex", "vertex_ai/"),
    "vertex_ai-language-models": ("vertex", ""),
    "xai": ("xai", "xai/"),
    "zai": ("zai", "zai/"),
}
MODES = {"chat", "responses", "completion"}
# Regions and commitments that an id here does not name, sizes that are not models, and what is billed by sound.
LEFT_OUT = re.compile(r"^(azure/(eu|us|global|global-standard)/|bedrock/|together-ai-|fireworks-ai-)|audio|-tts")
# Fireworks lists a model by this path and by its last part.
PATHS = re.compile(r"^accounts/fireworks/models/")
VERSION = re.compile(r"[-@](\d{3,8}|latest|\d{4}-\d{2}-\d{2})$")

INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"
READ, WRITE = "cache_read_input_token_cost", "cache_creation_input_token_cost"
HOUR, THINK = "cache_creation_input_token_cost_above_1hr", "output_cost_per_reasoning_token"
NAMES = [("in", INPUT), ("out", OUTPUT), ("read", READ), ("write", WRITE), ("hour", HOUR), ("think", THINK)]


def million(per_token):
    """Dollars for a million tokens, of dollars for one as a float is written."""
    amount = (decimal.Decimal(repr(per_token)) * 1_000_000).quantize(decimal.Decimal("1e-9"))
    return format(amount.normalize(), "f")


def rates(told):
    """The rates of a tier. Nobody writes to a cache for nothing: a zero there is a gap of the map."""
    told = dict(told)
    for name in (WRITE, HOUR):
        if not told.get(name):
            told.pop(name, None)
    if told.get(THINK) == told.get(OUTPUT):
        told.pop(THINK, None)
    return [f"{short}={million(told[name])}" for short, name in NAMES if told.get(name) is not None]


def tiers(entry, seller):
    """Where longer prompts cost more: from how many tokens on, and all the rates there."""
    found = {}
    for field, value in entry.items():
        match = re.fullmatch(r"(.+)_above_(\d+)k_tokens", field)
        if match and match[1] in (name for _, name in NAMES) and value is not None:
            found.setdefault(int(match[2]) * 1000, {})[match[1]] = value
    for tier in entry.get("tiered_pricing") or []:
        if "range" in tier and tier["range"][0] > 0:
            found[int(tier["range"][0])] = {name: tier[name] for _, name in NAMES if name in tier}
    base = {name: entry[name] for _, name in NAMES if name in entry}
    for over, told in sorted(found.items()):
        # xAI asks more from the threshold on, all others beyond it.
        yield over - (seller == "xai"), rates({k: v for k, v in base.items() if k != THINK} | told)


def row(seller, model, entry, source):
    """A line of the table; None where the map has no price, or none that can be told from a gap."""
    if not entry.get(INPUT) or entry.get(OUTPUT) is None:
        return None
    words = [seller, model, f"src={source}"]
    if isinstance(entry.get("max_input_tokens"), (int, float)) and entry["max_input_tokens"] > 0:
        words.append(f"ctx={int(entry['max_input_tokens'])}")
    batch = [entry.get(f"{name}_batches") for name in (INPUT, OUTPUT)]
    if all(batch):
        words.append("batch=" + "/".join(map(million, batch)))
    words += rates(entry)
    for over, told in tiers(entry, seller):
        words += [f"over={over}", *told]
    return " ".join(words)


def of_map(prices, source):
    """The rows of a price map by seller and model."""
    found = {}
    for key, entry in sorted(prices.items()):
        if entry.get("litellm_provider") not in SELLERS or entry.get("mode") not in MODES:
            continue
        seller, start = SELLERS[entry["litellm_provider"]]
        if LEFT_OUT.search(key):
            continue
        model = PATHS.sub("", key.removeprefix(start))
        line = row(seller, model, entry, source)
        # A bare id and one with its seller's prefix are one model; the latter is read last and is the more exact.
        found.pop((seller, model), None)
        if line and " " not in model:
            found[seller, model] = line
    return found


def without_editions(rows):
    """Leaves out dated editions that cost what their model does: a look-up finds them by the model."""
    tail = {key: line.split(" ", 2)[2] for key, line in rows.items()}
    same = lambda key: tail.get((key[0], VERSION.sub("", key[1]))) == tail[key]
    return {key: line for key, line in rows.items() if not VERSION.search(key[1]) or not same(key)}


def read():
    lines = TABLE.read_text().splitlines()
    head = [line for line in lines if line.startswith("#")]
    return head, {tuple(line.split(" ", 2)[:2]): line for line in lines if not line.startswith("#")}


def in_order(rows):
    return sorted(rows, key=lambda key: " ".join(key).encode())


def main():
    head, rows = read()
    if sys.argv[1:] == ["--check"]:
        if list(rows) != in_order(rows):
            sys.exit("the rows of config/prices.txt are not in order")
        return
    file, date, name = sys.argv[1:]
    own = {key: line for key, line in rows.items() if " src=L " not in line}
    head = [line for line in head if not line.startswith("#L ")] + [f"#L {date} {name}"]
    rows = without_editions(own | of_map(json.loads(pathlib.Path(file).read_text()), "L"))
    TABLE.write_text("\n".join(head + [rows[key] for key in in_order(rows)]) + "\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Compares what Loquat says tokens cost with what the LiteLLM package says.

    PYTHON-WITH-LITELLM tests/litellm_prices.py LOQUAT [--all]

Ten well-known models, or with --all every model of the built-in table that LiteLLM's map has too; each with plain
input, a cached read, cache writes for both terms, a prompt beyond every threshold, and reasoning. Costs have to be
equal to half a nano-dollar, which is what Loquat's integers round away. Prices that change with the hour are left out.
"""

import concurrent.futures
import decimal
import json
import os
import subprocess
import sys
import tempfile

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
try:
    import litellm
    from litellm.types.utils import (
        CacheCreationTokenDetails,
        CompletionTokensDetailsWrapper,
        ModelResponse,
        PromptTokensDetailsWrapper,
        Usage,
    )
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(0)

# Loquat's seller: what LiteLLM calls it, and the endpoint that leads to it.
SELLERS = {
    "openai": ("openai", "openAI"),
    "anthropic": ("anthropic", "anthropic"),
    "gemini": ("gemini", "google"),
    "xai": ("xai", "xAI"),
    "deepseek": ("deepseek", "DeepSeek"),
    "groq": ("groq", "Groq"),
    "mistral": ("mistral", "Mistral"),
}
TEN = [
    ("openai", "gpt-4o-mini"),
    ("openai", "gpt-4.1"),
    ("openai", "gpt-5"),
    ("openai", "gpt-5.6"),
    ("anthropic", "claude-sonnet-4-5"),
    ("anthropic", "claude-haiku-5-5"),
    ("gemini", "gemini-2.5-pro"),
    ("gemini", "gemini-2.5-flash"),
    ("xai", "grok-4.5"),
    ("deepseek", "deepseek-chat"),
    ("groq", "openai/gpt-oss-120b"),
    ("mistral", "mistral-large-latest"),
]
# In, out, read from the cache, written for five minutes, written for an hour, reasoning.
CASES = {
    "plain": (1000, 500, 0, 0, 0, 0),
    "cached read": (1000, 500, 600, 0, 0, 0),
    "cache write": (1000, 500, 100, 200, 0, 0),
    "cache write for an hour": (1000, 500, 100, 200, 300, 0),
    "at a threshold": (200_000, 500, 0, 0, 0, 0),
    "beyond a threshold": (300_001, 500, 1000, 0, 0, 0),
    "reasoning": (1000, 500, 0, 0, 0, 400),
}
WRITERS = {"anthropic"}  # who bills for both terms of a cache


def theirs(seller, model, tokens):
    read_in, out, read, written, hour, thought = tokens
    usage = Usage(
        prompt_tokens=read_in,
        completion_tokens=out,
        total_tokens=read_in + out,
        prompt_tokens_details=PromptTokensDetailsWrapper(
            cached_tokens=read,
            cache_creation_tokens=written + hour,
            cache_creation_token_details=CacheCreationTokenDetails(
                ephemeral_5m_input_tokens=written, ephemeral_1h_input_tokens=hour
            ),
        ),
        completion_tokens_details=CompletionTokensDetailsWrapper(reasoning_tokens=thought),
    )
    response = ModelResponse(model=model, usage=usage)
    cost = litellm.completion_cost(
        completion_response=response, model=f"{SELLERS[seller][0]}/{model}", custom_llm_provider=SELLERS[seller][0]
    )
    return decimal.Decimal(repr(cost))


def ours(loquat, environment, seller, model, tokens):
    read_in, out, read, written, hour, thought = tokens
    usage = {"tokens_in": read_in, "tokens_out": out, "cached_in": read, "reasoning_out": thought}
    usage |= {"cache_write": written + hour, "cache_write_1h": hour}
    command = [loquat, "prices", "explain", model, "-e", SELLERS[seller][1], "--json", "--usage", json.dumps(usage)]
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    cost = json.loads(printed, parse_float=decimal.Decimal)[0]["cost_usd"]
    return None if cost is None else decimal.Decimal(cost)


def of_table(loquat, environment):
    printed = subprocess.run([loquat, "prices", "list", "--json"], env=environment, check=True, capture_output=True)
    rows = json.loads(printed.stdout)
    named = [(row["seller"], row["model"]) for row in rows if row["from"].startswith("LiteLLM")]
    # LiteLLM knows hours in which DeepSeek asks less; the table has what it asks in the others.
    steady = lambda seller, model: "off_peak_pricing" not in litellm.model_cost.get(f"{SELLERS[seller][0]}/{model}", {})
    return [(seller, model) for seller, model in named if seller in SELLERS and steady(seller, model)]


def main():
    loquat, *more = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "HOME": folder}
        models = of_table(loquat, environment) if more == ["--all"] else TEN
        wanted = [
            (seller, model, case)
            for seller, model in models
            for case, tokens in CASES.items()
            if tokens[3] + tokens[4] == 0 or seller in WRITERS
        ]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(ours, loquat, environment, *one[:2], CASES[one[2]]) for one in wanted]
            costs = [cost.result() for cost in asked]
    different = 0
    for (seller, model, case), cost in zip(wanted, costs):
        expected = theirs(seller, model, CASES[case])
        # Theirs is a sum of floats: equal is what rounds to the same nano, give or take the last digit of a float.
        if cost is None or abs(cost - expected) > decimal.Decimal("0.5000001e-9"):
            different += 1
            print(f"{seller}/{model}, {case}: {cost} here, {expected} there")
    print(f"{len(wanted)} costs of {len(models)} models compared with LiteLLM, {different} different")
    sys.exit(different > 0)


if __name__ == "__main__":
    main()

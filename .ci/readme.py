"""Prints the one command of the README's fenced block after `<!-- ci:NAME -->`, so that CI runs what people read."""

import pathlib
import re
import sys

name = sys.argv[1]
readme = pathlib.Path(__file__).resolve().parent.parent.joinpath("README.md").read_text(encoding="utf-8")
blocks = re.findall(rf"<!-- ci:{re.escape(name)} -->\s*```[a-z]*\n(.*?)```", readme, re.DOTALL)
commands = [line for block in blocks for line in block.splitlines() if line.strip()]
if len(commands) != 1:
    sys.exit(f"README.md: one command was expected after <!-- ci:{name} -->, found {len(commands)}")
print(commands[0].removeprefix("$ "))

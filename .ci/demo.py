"""Runs a command as somebody who has just cloned the project: in a terminal, with empty folders. Types a word,
expects the demo's streamed answer on the screen, quits, and expects the terminal as it was.

The window's size is set before the program starts, and no terminal query is answered.
"""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

COLUMNS, ROWS = 100, 30
START_LIMIT = 45 * 60  # the command may build a release first
ANSWER_LIMIT = 30
EXPECTED = "not a model"
CTRL_C = b"\x03"
DECODER = codecs.getincrementaldecoder("utf-8")("replace")
SEQUENCE = re.compile(
    r"\x1b\[([<-?]?)([0-9;:]*)[ -/]*([@-~])"  # CSI
    r"|\x1b[\]P_^X].*?(?:\x07|\x1b\\)"  # OSC, DCS and the like
    r"|\x1b[ -/]*[0-~]",
    re.DOTALL,
)


class Screen:
    """As much of a terminal as it takes to find words on it: text, cursor moves, erasing."""

    def __init__(self):
        self.rest = ""
        self.alternate = False
        self.clear()

    def clear(self):
        self.cells = [[" "] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0

    def feed(self, text):
        text, at = self.rest + text, 0
        while at < len(text):
            if text[at] == "\x1b":
                found = SEQUENCE.match(text, at)
                if not found:
                    break  # the rest of it is still on its way
                self.obey(found)
                at = found.end()
            else:
                self.put(text[at])
                at += 1
        self.rest = text[at:]

    def put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.row = min(self.row + 1, ROWS - 1)
        elif character == "\b":
            self.column = max(self.column - 1, 0)
        elif character >= " ":
            if self.column < COLUMNS:
                self.cells[self.row][self.column] = character
            self.column += 1

    def obey(self, found):
        private, numbers, final = found.group(1), found.group(2), found.group(3)
        if final is None:
            return
        if private:
            if numbers == "1049":
                self.alternate = final == "h"
                self.clear()
            return
        values = [int(number) if number.isdigit() else 0 for number in (numbers or "").split(";")]
        first = max(values[0], 1)
        if final in "Hf":
            self.row = min(first, ROWS) - 1
            self.column = min(max((values + [1])[1], 1), COLUMNS) - 1
        elif final in "ABCDGd":
            move = {"A": (-first, 0), "B": (first, 0), "C": (0, first), "D": (0, -first)}.get(final)
            if move:
                self.row, self.column = self.row + move[0], self.column + move[1]
            elif final == "G":
                self.column = first - 1
            else:
                self.row = first - 1
            self.row = min(max(self.row, 0), ROWS - 1)
            self.column = min(max(self.column, 0), COLUMNS - 1)
        elif final == "J" and values[0] in (2, 3):
            self.cells = [[" "] * COLUMNS for _ in range(ROWS)]
        elif final in "JK":
            self.cells[self.row][self.column :] = [" "] * max(COLUMNS - self.column, 0)
            if final == "J":
                self.cells[self.row + 1 :] = [[" "] * COLUMNS for _ in range(ROWS - self.row - 1)]

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)

    def says(self, words):
        # Words may be broken over lines.
        return words in " ".join(self.text().split())


def main(command):
    with tempfile.TemporaryDirectory(prefix="loquat-ci-") as home:
        environment = dict(os.environ, TERM="xterm-256color", LANG="C.UTF-8", XDG_CONFIG_HOME=f"{home}/config")
        for name in ("DATA", "CACHE", "STATE"):
            environment[f"LOQUAT_{name}_DIR"] = f"{home}/{name.lower()}"
        environment.pop("LOQUAT_CONFIG", None)
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        before = termios.tcgetattr(theirs)

        def on_its_own_terminal():
            os.setsid()
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

        process = subprocess.Popen(
            ["bash", "-c", command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            preexec_fn=on_its_own_terminal,
        )
        try:
            screen = Screen()
            wait(process, ours, screen, START_LIMIT, "the app's screen", lambda: screen.alternate)
            os.write(ours, b"hello\r")
            wait(process, ours, screen, ANSWER_LIMIT, repr(EXPECTED), lambda: screen.says(EXPECTED))
            print("the demo answered:")
            print("\n".join("  | " + line for line in screen.text().splitlines() if line))
            quit_app(process, ours, screen)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode != 0:
            sys.exit(f"it ended with exit code {process.returncode}")
        if screen.alternate:
            sys.exit("it left the terminal on the alternate screen")
        if termios.tcgetattr(theirs)[3] != before[3]:
            sys.exit("it left the terminal in raw mode")
        print("it quit, and left the terminal as it was")


def quit_app(process, ours, screen):
    """One Ctrl+C stops an answer that still comes, two in a row quit."""
    deadline = time.monotonic() + ANSWER_LIMIT
    while process.poll() is None and time.monotonic() < deadline:
        # Once it is on its way out, the terminal is cooked again and Ctrl+C would be a signal.
        if screen.alternate:
            os.write(ours, CTRL_C)
        read(ours, screen, 0.3)
    if process.poll() is None:
        fail(screen, "Ctrl+C twice did not quit")
    read(ours, screen, 0.3)


def wait(process, ours, screen, limit, what, reached):
    deadline = time.monotonic() + limit
    while not reached():
        if time.monotonic() > deadline:
            fail(screen, f"{what} did not come within {limit} s")
        if process.poll() is not None:
            read(ours, screen, 0.3)
            fail(screen, f"it ended ({process.returncode}) before {what} came")
        read(ours, screen, 0.2)


def read(ours, screen, seconds):
    """Takes in what comes until nothing does for this long."""
    while select.select([ours], [], [], seconds)[0]:
        try:
            data = os.read(ours, 65536)
        except OSError:
            return
        screen.feed(DECODER.decode(data))
        if len(data) < 65536:
            return


def fail(screen, why):
    print("\n".join("  | " + line for line in screen.text().splitlines() if line))
    sys.exit(why)


if __name__ == "__main__":
    main(sys.argv[1])

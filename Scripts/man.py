"""Makes the manual pages out of what the built programs say of themselves and of the text in Documentation/man/*.in.

Usage: man.py BIN-FOLDER [--check]. With --check it writes nothing and fails where a page is not what it would write.

A line `@COMMANDS@` of a text becomes the commands with their arguments, `@OPTIONS@` the options of a program without commands,
`@EXIT@` the table of exit statuses, which is taken from the program's help.
"""

import difflib
import json
import os
import re
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Documentation", "man")
PAGES = {"stipplectl.1": "stipplectl", "stippled.8": "stippled"}
# Every command has these; they stand in a section of their own.
COMMON = {"socket", "json", "help", "version"}


def roff(text):
    """Text as roff takes it: no line begins with a request, backslashes and hyphens are themselves."""
    text = text.replace("\\", "\\e")
    return "\n".join("\\&" + line if line[:1] in {".", "'"} else line for line in text.split("\n"))


def sentences(text):
    """mdoc wants each sentence to begin a line. What is indented, or looks like a table, stays as it is."""
    lines = []
    for paragraph in text.strip().split("\n\n"):
        if lines:
            lines.append(".Pp")
        rows = paragraph.split("\n")
        if any(row.startswith("  ") for row in rows) or all(re.match(r"\w+: ", row) for row in rows):
            lines += [".Bd -literal -compact", *(roff(row.strip()) for row in rows), ".Ed"]
        else:
            lines += [roff(one) for one in re.split(r"(?<=[.:?!])\s+(?=[A-Z])", " ".join(row.strip() for row in rows))]
    return lines


def is_shown(argument):
    return argument["shouldDisplay"] and argument["preferredName"]["name"] not in COMMON if argument.get("preferredName") else argument["shouldDisplay"]


def word(argument):
    """How an argument is written: macros of mdoc, without the brackets of what may be left out."""
    value = argument["valueName"].replace(" ", "-")
    if argument["kind"] == "positional":
        return f"Ar {value}" + (" ..." if argument["isRepeating"] else "")
    name = argument["preferredName"]
    flag = f"Fl {'-' if name['kind'] == 'long' else ''}{name['name']}"
    return flag if argument["kind"] == "flag" else f"{flag} Ar {value}"


def synopsis(arguments):
    """What follows a command's name: arguments in their order, then options."""
    order = sorted(arguments, key=lambda one: one["kind"] != "positional")
    return [f".Op {word(one)}" if one["isOptional"] else f".{word(one)}" for one in order]


def explained(arguments):
    """The list of arguments with what each is."""
    told = [one for one in arguments if one.get("abstract") or one.get("discussion")]
    if not told:
        return []
    lines = [".Bl -tag -width Ds -compact"]
    for one in told:
        lines.append(f".It {word(one)}")
        text = " ".join(part for part in (one.get("abstract", ""), one.get("discussion", "")) if part)
        if one.get("defaultValue"):
            text += f" Default: {one['defaultValue']}."
        lines += sentences(text)
    return lines + [".El"]


def leaves(command, path=()):
    """Commands that do something, with the words that lead to them."""
    for one in command.get("subcommands", []):
        if one["shouldDisplay"] and one["commandName"] != "help":
            here = (*path, one["commandName"])
            if one.get("subcommands"):
                yield here, one, True
                yield from leaves(one, here)
            else:
                yield here, one, False


def commands(root):
    lines, depth = [], 0
    for path, command, is_group in leaves(root):
        if len(path) == 1:
            if depth:
                lines.append(".El")
            lines += [f".Ss {path[0]}", *sentences(command.get("abstract", ""))]
            if command.get("discussion"):
                lines += [".Pp", *sentences(command["discussion"])]
            lines.append(".Bl -tag -width Ds")
            depth = 1
            if is_group:
                continue
        arguments = [one for one in command.get("arguments", []) if is_shown(one)]
        lines += [".It Xo", f".Nm {root['commandName']} {' '.join(path)}", *synopsis(arguments), ".Xc"]
        if len(path) > 1:
            lines += sentences(command.get("abstract", ""))
            if command.get("discussion"):
                lines += [".Pp", *sentences(command["discussion"])]
        lines += explained(arguments)
    return lines + ([".El"] if depth else [])


def options(root):
    arguments = [one for one in root["arguments"] if one["shouldDisplay"] and one["preferredName"]["name"] != "help"]
    return explained(arguments)


def exits(root):
    rows = re.findall(r"^\s+(\d+)  (.+)$", root["discussion"].split("Exit status:")[1], re.M)
    return [".Bl -tag -width Ds -compact", *(f".It {number}\n{roff(meaning[0].upper() + meaning[1:])}." for number, meaning in rows), ".El"]


def page(text, root):
    made = {"@COMMANDS@": commands, "@OPTIONS@": options, "@EXIT@": exits}
    lines = []
    for line in text.splitlines():
        lines += made[line](root) if line in made else [line]
    return "\n".join(line for line in lines if line != "") + "\n"


def main():
    if not 2 <= len(sys.argv) <= 3 or sys.argv[2:] not in ([], ["--check"]):
        print(__doc__)
        return 64
    stale = False
    for name, program in PAGES.items():
        told = subprocess.run([os.path.join(sys.argv[1], program), "--experimental-dump-help"], capture_output=True, text=True, check=True).stdout
        with open(os.path.join(HERE, name + ".in"), encoding="utf-8") as file:
            wanted = page(file.read(), json.loads(told)["command"])
        path = os.path.join(HERE, name)
        if not sys.argv[2:]:
            with open(path, "w", encoding="utf-8") as file:
                file.write(wanted)
            continue
        with open(path, encoding="utf-8") as file:
            found = file.read()
        if found != wanted:
            stale = True
            print(f"{name} is not what {program} says of itself: make man")
            print("\n".join(list(difflib.unified_diff(found.splitlines(), wanted.splitlines(), "checked in", "made now", lineterm=""))[:40]))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

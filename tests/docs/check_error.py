#!/usr/bin/env python3
"""The compiler's answer that README.md shows is what the compiler says: check_error.py [--write] COMPILER...

--write puts what it says now into README.md. Ends with status 1 where they differ, with 77 for another compiler than the
one that README.md quotes, g++ 12.
"""
import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND = "$ g++ -std=c++20 -Iinclude search.cpp\n"
ABOVE = "#include <nascent/core.hpp>\nusing namespace nascent;\n\n"


def answer(compiler, code):
    """What the compiler says of the code, as it would under COMMAND in the repository's root."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "search.cpp"
        source.write_text(ABOVE + code)
        said = subprocess.run([*compiler, "-std=c++20", f"-I{ROOT}/include", "-fsyntax-only", source], text=True,
                              stderr=subprocess.PIPE, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stderr
        return said.replace(f"{ROOT}/", "").replace(f"{folder}/", "")


def main():
    write = sys.argv[1] == "--write"
    compiler = sys.argv[1 + write:2 + write]  # its options are those of COMMAND
    version = subprocess.run([*compiler, "--version"], text=True, stdout=subprocess.PIPE).stdout
    if not re.match(r"\S*(g\+\+|c\+\+).* 12\.", version):
        print("skipped: README.md quotes g++ 12")
        return 77
    readme = ROOT / "README.md"
    text = readme.read_text()
    block = r"^```\n((?:(?!```).*\n)*?)" + re.escape(COMMAND) + r"((?:(?!```).*\n)*)```$"
    code, shown = re.search(block, text, re.M).groups()
    said = answer(compiler, code)
    if write:
        readme.write_text(text.replace(shown, said))
    elif said != shown:
        print("".join(difflib.unified_diff(shown.splitlines(True), said.splitlines(True), "README.md", "the compiler")))
        print("tests/docs/check_error.py --write g++ puts this into README.md")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Every link of the Markdown pages leads somewhere, and so does every docs/page.md#anchor that sources and tests name;
docs/policies.md lists every policy that a concept names as its model.

Prints what is wrong with its place; ends with status 1 if anything is.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = ("include", "examples", "benchmarks", "tests", "cmake")
NOT_OURS = re.compile(r"^(build|runs)/")


def slug(heading):
    """GitHub's anchor of a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", text)).replace(" ", "-")


def without_code(text):
    """Code blocks emptied, line for line."""
    return re.sub(r"^```.*?^```", lambda block: "\n" * block.group(0).count("\n"), text, flags=re.M | re.S)


def anchors(page):
    found, times = set(), {}
    for heading in re.findall(r"^#+ (.+)$", without_code(page.read_text()), re.M):
        name = slug(heading)
        times[name] = times.get(name, -1) + 1
        found.add(f"{name}-{times[name]}" if times[name] else name)
    return found


def is_there(file, anchor):
    if not file.exists():
        return "there is no such file"
    if anchor and file.suffix == ".md" and anchor not in anchors(file):
        return f"{file.name} has no heading of this anchor"
    return ""


def of_pages():
    """(where, what it says, file, anchor) of each link between pages."""
    for page in sorted(ROOT.rglob("*.md")):
        if NOT_OURS.match(page.relative_to(ROOT).as_posix()):
            continue
        text = without_code(page.read_text())
        for link in re.finditer(r"\[[^\]]*\]\(([^)\s]+)\)", text):
            target = link.group(1)
            if re.match(r"\w+:", target):
                continue
            path, _, anchor = target.partition("#")
            line = text[:link.start()].count("\n") + 1
            yield f"{page.relative_to(ROOT)}:{line}", target, (page.parent / path if path else page), anchor


def of_sources():
    """The same of each page that a source names; a literal may be broken between two lines."""
    for folder in SOURCES:
        for source in sorted((ROOT / folder).rglob("*")):
            if source.suffix not in (".hpp", ".cpp", ".inl", ".txt", ".cmake", ".sh"):
                continue
            text = re.sub(r'"\n\s*"', "", source.read_text())
            for name in re.finditer(r"(?<![\w/])docs/([\w/-]+\.md)(?:#([\w-]+))?", text):
                yield str(source.relative_to(ROOT)), name.group(0), ROOT / "docs" / name.group(1), name.group(2)


def unlisted_policies():
    listed = (ROOT / "docs/policies.md").read_text()
    for header in sorted((ROOT / "include").rglob("*_policy.hpp")):
        text = re.sub(r"\n\s*/// ?", " ", header.read_text())
        for models in re.findall(r"Models: ([\w, ]+)", text):
            for name in models.replace(",", " ").split():
                if f"[{name}](" not in listed:
                    yield f"{header.relative_to(ROOT)}: {name} has no line in docs/policies.md"


def main():
    count, dead = 0, list(unlisted_policies())
    for where, said, file, anchor in [*of_pages(), *of_sources()]:
        count += 1
        if problem := is_there(file, anchor):
            dead.append(f"{where}: {said}: {problem}")
    print("\n".join(dead) or f"{count} links lead somewhere")
    return bool(dead)


if __name__ == "__main__":
    sys.exit(main())

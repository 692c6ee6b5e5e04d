#!/usr/bin/env python3
"""Checks that every public policy has a row in docs/policies.md and a tiny example in examples/policies.

A header of the rooms below holds a policy of its name, unless HELPERS lists it as what policies are made of.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include/nascent"
ROOMS = ["strategy", "ranker", "space", "space/variable", "operation", "search/executor", "train/loss",
         "train/optimiser", "train/schedule", "train/head", "evaluator", "data/augment"]
HELPERS = {
    "strategy": "best proposals protocol",
    "ranker": "learning_curve_fit rungs",
    "space": "architecture chain_morphs chain_slots crossover encoding enumerate literal morphs neighbourhood "
             "objective random table depth_share residual_face_network",
    "space/variable": "recipe_variable",
    "operation": "growth module_names network_builder network_description parse_network",
    "search/executor": "message mpi_link mpi_session mpi_worker process_channel process_life process_server",
    "train/schedule": "position",
    "train/head": "margin",
    "evaluator": "final_accuracy final_trainings own_epochs fixture_json parity_fixture published_search read_table",
    "data/augment": "image_view",
}


def failures():
    page = (ROOT / "docs/policies.md").read_text()
    names = dict((path, name) for name, path in re.findall(r"\[(\w+)\]\(\.\./include/nascent/([^)]+)\)", page))
    sources = (ROOT / "examples/policies").rglob("*.cpp")
    shown = set(re.findall(r"\w+", "\n".join(source.read_text() for source in sources if source.name != "main.cpp")))
    for room in ROOMS:
        for header in sorted((INCLUDE / room).glob("*.hpp")):
            stem, path = header.stem, str(header.relative_to(INCLUDE))
            if stem.endswith("_policy") or stem in HELPERS.get(room, "").split():
                continue
            if path not in names:
                yield f"include/nascent/{path} has no row in docs/policies.md; write one, or list it in {__file__}"
            elif names[path] not in shown:
                yield f"{names[path]} has no example; write examples/policies/{stem}.cpp"
        for stem in HELPERS.get(room, "").split():
            if not (INCLUDE / room / f"{stem}.hpp").exists():
                yield f"{__file__} lists include/nascent/{room}/{stem}.hpp, which is not there; take it out"


found = list(failures())
print("\n".join(found) or "every policy has a row and an example")
sys.exit(bool(found))

#!/usr/bin/env python3
"""Draws the plots of docs/studies from the CSV files beside this script; needs matplotlib.

    /usr/bin/python3 docs/studies/plot.py
"""
import csv
import json
import pathlib

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "nascent"  # equal data, equal files
import matplotlib.pyplot as plt

HERE = pathlib.Path(__file__).resolve().parent
IMAGES = HERE.parent / "images"


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def save(figure, name):
    figure.tight_layout()
    figure.savefig(IMAGES / f"study-{name}", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    print(IMAGES / f"study-{name}")


def plot_ranking(folder, title):
    """The paper's plot: rank correlation with the final accuracy, epoch by epoch."""
    static = rows_of(folder / "static.csv")
    epochs = [row for row in static if row["score"].startswith("accuracy after ")]
    number = [int(row["score"].split()[2]) for row in epochs]
    value = lambda key: [float(row[key]) for row in epochs]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    left.fill_between(number, value("spearman_low"), value("spearman_high"), alpha=0.25, lw=0)
    left.plot(number, value("spearman"), marker="o", ms=3, label="accuracy after e epochs")
    for colour, score in zip(["C1", "C2", "C3"], ["parameters", "flops", "synflow"]):
        row = next(r for r in static if r["score"] == score)
        left.axhline(float(row["spearman"]), color=colour, lw=1, label=score)
    left.set(xlabel="epochs e", ylabel="Spearman with the final accuracy", ylim=(-0.2, 1.05),
             title=title)
    left.legend(fontsize=8)
    dynamic = rows_of(folder / "dynamic.csv")
    for key, label in [("spearman_parameters", "with parameters"),
                       ("spearman_final", "with final accuracy")]:
        right.hist([float(r[key]) for r in dynamic if r[key]], bins=30, alpha=0.6, label=label)
    right.set(xlabel="Spearman", ylabel="draws", title="dynamic ranking")
    right.legend(fontsize=8)
    save(figure, f"ranking-{folder.name}.svg")


def plot_searches(folder):
    """Test accuracy of the networks found beside ten random networks, seed by seed."""
    results = [json.loads(p.read_text()) for p in sorted(folder.glob("seed-*.json"))]
    figure, axes = plt.subplots(figsize=(6, 3.6))
    for i, result in enumerate(results):
        random = result["baseline"]["final_test"]
        found = result["found"]["final_test"]
        start = result["start"]["final_test"]
        axes.plot([i] * len(random), random, "o", color="C7", alpha=0.6,
                  label="random networks" if i == 0 else None)
        axes.plot([i + 0.12] * len(start), start, "s", color="C1",
                  label="starting network" if i == 0 else None)
        axes.plot([i - 0.12] * len(found), found, "D", color="C0",
                  label="network found" if i == 0 else None)
    axes.set_xticks(range(len(results)), [f"seed {r['seed']}" for r in results])
    axes.set(ylabel="test accuracy, %")
    axes.legend(fontsize=8)
    save(figure, "search.svg")


def plot_by_entrant(path, column, label, size, name):
    """Each value of each search, in a row of its own, and their mean."""
    rows = rows_of(path)
    names = list(dict.fromkeys(row["entrant"] for row in rows))
    figure, axes = plt.subplots(figsize=size)
    for i, entrant in enumerate(names):
        own = [float(r[column]) for r in rows if r["entrant"] == entrant and r[column]]
        axes.plot(own, [i] * len(own), "o", alpha=0.7)
        axes.plot([sum(own) / len(own)], [i], "|", ms=16, color="black")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set(xlabel=label)
    save(figure, name)


def plot_space(folder):
    """How far apart random networks are, and what they weigh."""
    figure, axes = plt.subplots(figsize=(6, 3.6))
    for data in sorted(folder.iterdir()):
        networks = rows_of(data / "networks.csv")
        last = [key for key in networks[0] if key.startswith("epoch_")][-1]
        axes.plot([int(n["parameters"]) for n in networks], [float(n[last]) for n in networks], "o",
                  alpha=0.7, label=data.name)
    axes.set(xscale="log", xlabel="parameters", ylabel="held-out accuracy, %")
    axes.legend(fontsize=8)
    save(figure, "space.svg")


def plot_initialisation(path):
    """Accuracy of what each start found on each pair of classes, and its parameters."""
    networks = rows_of(path)
    starts = list(dict.fromkeys(row["start"] for row in networks))
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    for i, start in enumerate(starts):
        own = [row for row in networks if row["start"] == start]
        for axes, key in ((left, "test"), (right, "parameters")):
            values = [float(row[key]) for row in own]
            axes.plot([i + 0.03 * (k - 4.5) for k in range(len(values))], values, "o", alpha=0.7)
            axes.plot([i], [sum(values) / len(values)], "_", ms=24, color="black")
    for axes in (left, right):
        axes.set_xticks(range(len(starts)), starts)
    left.set(ylabel="test accuracy, %")
    right.set(ylabel="parameters", yscale="log")
    save(figure, "initialisation.svg")


def plot_subset(path):
    """Each network after a cheaper training, against a full one."""
    rows = rows_of(path)
    kinds = list(dict.fromkeys((row["images"], row["share"], row["epochs"]) for row in rows))
    figure, panels = plt.subplots(1, len(kinds), figsize=(2.4 * len(kinds), 2.8), sharey=True)
    for axes, kind in zip(panels, kinds):
        own = [row for row in rows if (row["images"], row["share"], row["epochs"]) == kind]
        axes.plot([float(r["accuracy"]) for r in own], [float(r["accuracy_on_all"]) for r in own],
                  "o", alpha=0.7)
        images, share, epochs = kind
        axes.set(title=f"{images}, {float(share):g}" if images != "all" else f"all, {epochs} epochs",
                 xlabel="accuracy, %")
    panels[0].set(ylabel="after the full training, %")
    save(figure, "data-subset.svg")


def plot_subset_searches(path):
    """What searches on shares of the images found."""
    runs = rows_of(path)
    names = sorted({row["share"] for row in runs}, key=float)
    figure, axes = plt.subplots(figsize=(4.5, 3.2))
    for i, share in enumerate(names):
        own = [float(r["test"]) for r in runs if r["share"] == share]
        axes.plot([i] * len(own), own, "o", alpha=0.7)
        axes.plot([i], [sum(own) / len(own)], "_", ms=24, color="black")
    axes.set_xticks(range(len(names)), ["all" if float(n) == 1 else f"{float(n):g}" for n in names])
    axes.set(xlabel="share that the search saw", ylabel="test accuracy of what it found, %")
    save(figure, "data-subset-searches.svg")


def main():
    for folder in sorted((HERE / "ranking").iterdir()):
        plot_ranking(folder, folder.name)
    plot_searches(HERE / "search")
    plot_by_entrant(HERE / "ablation.csv", "value", "held-out accuracy of the network found, %", (7, 3.2), "ablation.svg")
    plot_space(HERE / "ranking")
    plot_initialisation(HERE / "initialisation.csv")
    plot_subset(HERE / "data-subset" / "shares.csv")
    plot_subset_searches(HERE / "data-subset" / "searches.csv")
    plot_by_entrant(HERE / "joint-protocol" / "runs.csv", "test",
                    "test accuracy of the network found, %", (7, 2.6), "joint-protocol.svg")


if __name__ == "__main__":
    main()

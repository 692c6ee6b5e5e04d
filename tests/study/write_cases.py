#!/usr/bin/env python3
"""Writes tests/data/statistics/scipy.csv: 1,000 random cases with ties and what SciPy says of them.

    python3 tests/study/write_cases.py tests/data/statistics/scipy.csv

Needs NumPy and SciPy (1.17.1 wrote the file that is there). Resamples of the bootstrap are drawn by
Nascent's own generator (SplitMix64, include/nascent/space/random.hpp), written again here, so that
both sides see the same ones.
"""
import sys
import warnings

import numpy as np
import scipy
from scipy import stats

MASK = (1 << 64) - 1


def mix(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


class SplitMix:
    def __init__(self, seed, purpose):
        hash_ = mix(seed)
        for byte in purpose.encode():
            hash_ = ((hash_ ^ byte) * 0x100000001B3) & MASK
        self.state = mix(hash_)

    def below(self, count):
        while True:
            self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
            x = mix(self.state)
            if x < MASK - MASK % count:
                return x % count


class Generator(np.random.Generator):
    """NumPy's interface over the numbers above, as far as scipy.stats.bootstrap asks for it."""

    def __init__(self, source):
        super().__init__(np.random.PCG64(0))
        self.source = source

    def integers(self, low, high=None, size=None, **_):
        assert low == 0
        return np.array([self.source.below(high) for _ in range(int(np.prod(size)))]).reshape(size)


def bootstrap(x, y, statistic):
    result = stats.bootstrap((x, y), statistic, paired=True, vectorized=False, n_resamples=99,
                             method="percentile", rng=Generator(SplitMix(1, "bootstrap")))
    # SciPy gives no interval where a resample has no correlation; Nascent leaves such ones out.
    values = result.bootstrap_distribution
    values = values[~np.isnan(values)]
    low, high = np.percentile(values, [2.5, 97.5])
    if not np.isnan(result.confidence_interval.low):
        assert np.allclose((low, high), tuple(result.confidence_interval), rtol=1e-12)
    return low, high


def signed_rank_p(differences):
    differences = differences[differences != 0]
    if len(differences) > 50:
        return stats.wilcoxon(differences, correction=False, method="asymptotic").pvalue
    ranks = stats.rankdata(np.abs(differences))
    middle = ranks.sum() / 2
    return stats.permutation_test(
        (np.sign(differences) * ranks,), lambda d: abs(d[d > 0].sum() - middle),
        permutation_type="samples", vectorized=False, n_resamples=np.inf,
        alternative="greater").pvalue


def main(path):
    rng = np.random.default_rng(2502)
    print(f"SciPy {scipy.__version__}, NumPy {np.__version__}", file=sys.stderr)
    with open(path, "w") as out:
        out.write("x,y,spearman,kendall,spearman_low,spearman_high,t,t_p,wilcoxon_p\n")
        written = 0
        while written < 1000:
            # Few pairs, so that all signs can be tried; of every tenth case many, for the normal
            # approximation. Few values, so that there are ties.
            size = int(rng.integers(55, 80)) if written % 10 == 0 else int(rng.integers(4, 11))
            values = int(rng.integers(3, 3 * size))
            x = rng.integers(0, values, size).astype(float)
            y = np.round(x * rng.uniform(-1, 1) + rng.integers(0, values, size))
            difference = x - y
            pairs = sum(difference != 0)
            if min(len(set(x)), len(set(y)), len(set(difference)), pairs) < 2 or 12 < pairs <= 50:
                continue
            low, high = bootstrap(x, y, lambda a, b: stats.spearmanr(a, b).statistic)
            t = stats.ttest_rel(x, y)
            numbers = [stats.spearmanr(x, y).statistic, stats.kendalltau(x, y).statistic, low, high,
                       t.statistic, t.pvalue, signed_rank_p(difference)]
            texts = [" ".join(f"{v:g}" for v in side) for side in (x, y)]
            out.write(",".join(texts + [repr(float(n)) for n in numbers]) + "\n")
            written += 1


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    main(sys.argv[1])

"""How sure a figure of satisfaction is: 95 % confidence intervals, each with its source.

A handful of answers says little, and a figure alone does not tell so. Pure arithmetic: counts in, numbers out.
"""

from collections.abc import Mapping
from math import sqrt
from typing import NamedTuple

#: The 97.5 % quantile of the normal distribution: two sides of 2.5 % each.
Z = 1.959963984540054


class Interval(NamedTuple):
    """Where the true value lies in 95 of 100 such samples."""

    low: float
    high: float


def net_promoter(promoters: int, passives: int, detractors: int) -> Interval:
    """The interval of an NPS, in points from −100 to 100.

    Each answer counts +1, 0 or −1; the variance of that distribution is ``p + d − (p − d)²``. The plain normal
    interval collapses to nothing when everybody agrees and is too narrow for small samples; the adjusted Wald
    interval, with three more answers (¾ promoters, 1½ passives, ¾ detractors), holds what it promises.
    Source: B. Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician 70 (2016), 365–372.
    """
    n = promoters + passives + detractors + 3
    p, d = (promoters + 0.75) / n, (detractors + 0.75) / n
    reach = Z * sqrt((p + d - (p - d) ** 2) / n)
    return Interval(100 * max(p - d - reach, -1), 100 * min(p - d + reach, 1))


def proportion(part: int, whole: int) -> Interval:
    """Wilson's score interval of a share, from 0 to 1.

    Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927),
    209–212; recommended for small samples by Brown, Cai and DasGupta, Statistical Science 16 (2001), 101–133.
    """
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = Z / (1 + square / whole) * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    # At the ends the interval touches 0 or 1 exactly; the arithmetic misses it by a hair.
    return Interval(0.0 if part == 0 else middle - reach, 1.0 if part == whole else middle + reach)


def mean(counts: Mapping[int, int]) -> tuple[float, Interval]:
    """The mean of answers, ``{value: how often}``, at least two of them, with Student's interval ``m ± t·s/√n``."""
    n = sum(counts.values())
    average = sum(value * times for value, times in counts.items()) / n
    variance = sum(times * (value - average) ** 2 for value, times in counts.items()) / (n - 1)
    reach = student(n - 1) * sqrt(variance / n)
    return average, Interval(average - reach, average + reach)


def student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t, from the normal one; right to three decimals from 4 degrees of freedom on.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
    """
    v, z = float(freedom), Z
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )

"""Amounts: integers of the currency's minor unit inside, decimal strings outside."""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

from iso4217 import Currency

from returns_service.domain.errors import Invalid

Minor = int
"""An amount in the currency's minor unit (cents, yen, fils)."""

_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?", re.ASCII)


@cache
def exponent(currency: str) -> int:
    """Decimals of a currency by ISO 4217: EUR 2, JPY 0, KWD 3. Raises Invalid for an unknown code."""
    try:
        found = Currency(currency).exponent
    except ValueError:
        found = None
    if found is None:
        raise Invalid("currency", f"{currency!r} is not an ISO 4217 currency with amounts, such as EUR.")
    return found


def parse(text: str, currency: str) -> Minor:
    """Minor units of a decimal string such as "19.90". Raises Invalid: a comma, NaN, too many decimals."""
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise Invalid("amount", f'{text!r} is not an amount; write it as a decimal string such as "19.90".')
    digits = exponent(currency)
    if "." in text and len(text.split(".")[1]) > digits:
        raise Invalid("amount", f"{text!r} has too many decimals; {currency} has {digits}.")
    return int(Decimal(text).scaleb(digits))


def text(amount: Minor, currency: str) -> str:
    """The decimal string of an amount: 1990 EUR is "19.90"."""
    digits = exponent(currency)
    if not digits:
        return str(amount)
    whole, rest = divmod(abs(amount), 10**digits)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:0{digits}}"


def half_up(value: Fraction | Decimal) -> Minor:
    """Round to a whole minor unit, halves away from zero."""
    fraction = Fraction(value)
    return divide(fraction.numerator, fraction.denominator)


def divide(amount: int, by: int) -> Minor:
    """`amount / by` as a whole minor unit, halves away from zero (the one place where money is rounded)."""
    if amount >= 0 and by > 0:
        return (2 * amount + by) // (2 * by)
    size = (2 * abs(amount) + abs(by)) // (2 * abs(by))
    return size if (amount >= 0) == (by > 0) else -size


def percent(amount: Minor, rate: Decimal | str) -> Minor:
    """So many percent of an amount, rounded half-up once."""
    return percents([(amount, Decimal(rate))])


def percents(parts: Iterable[tuple[Minor, Decimal]]) -> Minor:
    """The sum of so many percent of several amounts, rounded half-up once."""
    above, below = 0, 1
    for amount, rate in parts:
        numerator, denominator = rate.as_integer_ratio()
        above, below = above * denominator * 100 + amount * numerator * below, below * denominator * 100
    return divide(above, below)


def slot(total: Minor, count: int, index: int) -> Minor:
    """What unit `index` of `count` is worth, so that all of them sum to `total` in any order."""
    return divide(total * (index + 1), count) - divide(total * index, count)


def spread(total: Minor, weights: Sequence[int]) -> list[Minor]:
    """Split an amount by weight; the parts sum to the whole (cumulative rounding, as for slots)."""
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    parts, seen, given = [], 0, 0
    for weight in weights:
        seen += weight
        upto = divide(total * seen, whole)
        parts.append(upto - given)
        given = upto
    return parts


def decimal_rate(value: str | int) -> Decimal:
    """A percentage as written in a policy file."""
    return Decimal(str(value)).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)

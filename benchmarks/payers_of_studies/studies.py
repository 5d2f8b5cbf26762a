"""The figures of the studies, and the parameters that follow them.

Where no study gives a number the parameter says "assumed". Days are calendar days; days late count from the due day and are negative for what is paid early.

Sources:
[XA] Xero Small Business Insights AU, "late payments panel" (2017/18): 30-day invoices paid after 35.9 days; 47 % late; those 30 days late on average; longest in January (38.7 days). xero.com/small-business-insights/late-payments-panel
[XN] Xero NZ, June 2018: 8.3 days late over all; terms of 7 days 10.3, 14 days 8.2, 20 days 9.5, 30 days 3.1. scoop.co.nz BU1808/S00409. 43 % late: xero.com/nz/resources/small-business-insights/article-28;
     the 20th of the following month is the customary day, often stretched to the month's last: article-05; January 11.5 days late, a reminder brings the money 4 days sooner: article-19
[XU] Xero UK: August 2019 30-day invoices after 39.67 days, late ones after 64 (credit-connect.co.uk); 48 % late in 2019 (gateway978.com); 7.3 days late in April to June 2024 (xero.com/us/media-releases/uk-xsbi-data-apr-jun-2024)
[XS] Xero US: 9.5 days late, 29.6 days to be paid, April to June 2024. xero.com/ph/media-releases/xero-data-shows-declining-small-business-performance
[DB] Dun & Bradstreet/Cribis: US 53.8 % of payments prompt in 2015, 3.5 % later than 90 days (dnb.com, 2016 global payments performance trends); in 2019 almost 60 % prompt, 2.8 % later than 90 days; the larger the company the later (2020 study)
[CR] Creditreform Zahlungsindikator: DE 10.78 days late in early 2019 (kreditwesen.de), 8.80 in early 2024 (betriebs-berater.com), 7.50 in late 2025 at terms of 32.13 (creditreform.de/bayreuth); large to large 7.00, small to small 14.80 (wirtschaft-regional.net)
[AT] Atradius Payment Practices Barometer, Western Europe: 41.8 % of the value overdue, 1.3 % uncollectable (2018); 4.9 % of the value unpaid 90 days after the due day, 1.7 % written off (2014)
[IS] Insolvency Service: 52.5 of 10,000 companies of England and Wales insolvent within a year (July 2025)
[BC] British Chambers of Commerce, prompt payment report: late from 62 % of private and 34 % of public customers
[MF] MarketFinance/Kriya 2019, 100,000 invoices: late ones are larger (34,286 GBP on average against 24,624). kriya.co/blog/uk-smes-stretched-further-by-late-payments
[PE] Peeriosity poll of large companies: payment runs daily 39 %, twice a week 18 %, weekly 29 %, twice a month 5 %, other 8 %. peeriosity.com poll 2104
[PO] POS Solutions, ten shops' debts over years: Monday 17.4 %, Tuesday 13.4, Wednesday 13.5, Thursday 20.9, Friday 12.8, Saturday 15.3, Sunday 6.8. possolutions.com.au
[PF] Penny Freedom, credit control: UK departments pay in runs on the month's last days; in December before the closing. pennyfreedom.co.uk
[GO] GoCardless 2018: two thirds of UK small firms find the summer the worst time for late payments. pymnts.com
[DI] Disputes: 1 to 3 % of electronic and 5 to 15 % of paper or PDF invoices (autofact-solutions.com); below 5 % is the aim (kpidepot.com); each adds two to four weeks (goautonomous.io); a third is about the price (clearreceivables.com)
[SK] Early payment discount: 2 % within 10 days is the usual form (accountingcoach.com, knowthis.com)"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """What the studies print: at these `terms` (days) this share of the invoices is `late`, and the `mean` invoice that many days. The factors lead there: `more` weighs the habits of paying late, `longer` their days."""

    terms: int
    late: float
    mean: float
    more: float
    longer: float
    closed: tuple[tuple[int, int], tuple[int, int]]
    """Most offices are closed from the first to the last of these (month, day), over the turn of the year [XA, PF]."""
    slow: tuple[int, ...]
    """Months in which approval takes longer: holidays [XA, XN, GO]."""


COUNTRIES = {
    "AU": Country(30, 0.47, 5.9, 1.35, 0.75, ((12, 21), (1, 8)), (1,)),  # [XA]
    "NZ": Country(14, 0.43, 8.2, 0.4, 1.0, ((12, 21), (1, 8)), (1,)),  # [XN]
    "UK": Country(30, 0.48, 8.5, 1.35, 1.2, ((12, 24), (1, 1)), (8,)),  # [XU], between 7.3 and 9.7
    "US": Country(30, 0.45, 9.5, 1.1, 1.35, ((12, 24), (1, 1)), (8,)),  # [XS], [DB]
    "DE": Country(30, 0.42, 9.0, 1.0, 1.4, ((12, 24), (1, 1)), (8,)),  # [CR], [AT]
}

# Habits of a payer.
AT_ONCE, ON_TERMS, AFTER_DUE, STRETCHES, FORGETS, STRAINED = "at once", "on terms", "run after due", "stretches", "forgets", "strained"
LATE_HABITS = (AFTER_DUE, STRETCHES, FORGETS, STRAINED)
# Days on which a payer pays.
ANY_DAY, DAILY, TWICE_A_WEEK, WEEKLY, FORTNIGHTLY, TWICE_A_MONTH, MONTH_END, THE_20TH = (
    "any day",
    "daily",
    "twice a week",
    "weekly",
    "fortnightly",
    "twice a month",
    "month end",
    "the 20th",
)


@dataclass(frozen=True)
class Segment:
    """Who the payer is. `weight` among the customers of a small firm (assumed); `approval` the median days until an invoice may be paid (assumed); `disputes` per invoice [DI]; `discount` the share, of those who pay at once, that pay 2 % less [SK, assumed];
    `parts` the share that pays large invoices in parts (assumed)."""

    weight: int
    habits: dict[str, int]
    rhythms: dict[str, int]
    approval: float
    disputes: float
    discount: float
    parts: float


SEGMENTS = {
    "household": Segment(
        weight=15,
        habits={AT_ONCE: 50, ON_TERMS: 15, STRETCHES: 9, FORGETS: 23, STRAINED: 3},
        rhythms={ANY_DAY: 100},
        approval=2,
        disputes=0.02,
        discount=0.0,
        parts=0.05,
    ),
    "small": Segment(
        weight=55,
        habits={AT_ONCE: 38, ON_TERMS: 16, AFTER_DUE: 14, STRETCHES: 18, FORGETS: 10, STRAINED: 4},
        rhythms={DAILY: 45, WEEKLY: 25, FORTNIGHTLY: 10, TWICE_A_MONTH: 5, MONTH_END: 15},
        approval=4,
        disputes=0.03,
        discount=0.24,
        parts=0.06,
    ),
    # Large companies: [PE] for the days; later than small ones [DB].
    "large": Segment(
        weight=20,
        habits={AT_ONCE: 20, ON_TERMS: 26, AFTER_DUE: 26, STRETCHES: 25, STRAINED: 3},
        rhythms={DAILY: 39, TWICE_A_WEEK: 18, WEEKLY: 29, TWICE_A_MONTH: 5, MONTH_END: 9},
        approval=9,
        disputes=0.05,
        discount=0.32,
        parts=0.02,
    ),
    # Public bodies: about half as often late as private customers [BC].
    "public": Segment(
        weight=10,
        habits={AT_ONCE: 36, ON_TERMS: 36, AFTER_DUE: 18, STRETCHES: 10},
        rhythms={DAILY: 40, WEEKLY: 40, TWICE_A_MONTH: 10, MONTH_END: 10},
        approval=7,
        disputes=0.03,
        discount=0.0,
        parts=0.0,
    ),
}
# In New Zealand the 20th takes the place of most month's ends, and of a part of the rest [XN].
NZ_RHYTHMS = {DAILY: 45, WEEKLY: 22, FORTNIGHTLY: 6, TWICE_A_MONTH: 2, MONTH_END: 5, THE_20TH: 20}
WEEKDAYS = (17.4, 13.4, 13.5, 20.9, 12.8)  # of a weekly run, Monday to Friday [PO]

APPROVAL_SPREAD = 0.6  # of the logarithm (assumed)
SLOW_MONTH = 1.6  # times the approval (assumed; January is 3 to 4 days slower [XA, XN])
STRETCH, STRETCH_SPREAD = 17.0, 0.6  # median days late of who stretches, from payer to payer (fitted: late invoices are 30 days late [XA])
STRAIN, STRAIN_SPREAD = 60.0, 0.5  # likewise of who has no money: 2.8 to 4.9 % later than 90 days [DB, AT]
LATEST = 240.0  # days late that nobody passes by habit: then it is collected or given up (assumed)
REMINDED = (7, 14, 30, 60)  # days after the due day on which who forgets is reminded (assumed, Xero's usual steps)
REMEMBERS, HEEDS = 0.5, 0.55  # share of invoices that who forgets pays on time; share that a reminder brings (assumed)
LARGE_LATER = 1.35  # times the days late of the largest third, of who stretches or is strained [MF: late invoices are larger]
DISCOUNT, DISCOUNT_DAYS = 0.02, 10  # [SK]
DISPUTE_DAYS = (14, 28)  # [DI]
DISPUTE_CREDITED, CREDITED = 0.35, (0.05, 0.30)  # share that ends with a credit note, and of how much [DI for the third, assumed]
UNDISPUTED_FIRST = 0.4  # share of the disputes in which the rest is paid on its day (assumed)
SLOWER, SLOWER_A_MONTH, SLOWER_AT_MOST = 0.07, 7.0, 60.0  # share of payers that get slower, days a month (assumed)
BETTER, BETTER_DAYS = 0.04, 10.0  # share of late payers that get better (assumed)
STOPS = 0.03  # share of payers that stop paying within the year: between insolvency [IS] and what is never collected [AT]
STATEMENTS = 0.08  # share of small and large payers that pay a month's invoices together (assumed)
PART_SHARE, PART_PAUSE = (0.4, 0.6), (14, 42)  # how much the first part is; days until the next (assumed)
STRAINED_PARTS = 0.4  # share of the strained that pay in parts (assumed)

# Our own bills: a company has one day of payment; most suppliers are paid in the run, some by direct debit on the due day, some at once by card (assumed; runs as of small firms).
OWN_METHODS = {"run": 70, "direct debit": 18, "at once": 12}
OWN_HABITS = {ON_TERMS: 60, AFTER_DUE: 40}
OWN_MISSED = 0.1  # share of the bills that are approved too late for their run (assumed)

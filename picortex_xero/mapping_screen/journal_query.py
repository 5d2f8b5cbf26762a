"""The one grouped query that counts the journals of the last year that book a tax (usage.py, journal_taxes.py)."""

from __future__ import annotations


def _digit(share: str, before: str, step: int) -> str:
    """The next digit, times `step`, of how many times `net` goes into `share`, of which `before` is known; without dividing, which databases do
    differently."""
    tries = " ".join(f"when {share} >= ({before} + {digit * step}) * `net` then {digit * step}" for digit in range(9, 0, -1))
    return f"case {tries} else 0 end"


# Journals with a tax on some of their rows, those alike together. The tax is on rows of its own side, which are neither money nor a party's; `rate` is
# in tenths of a per cent, rounded. What comes to more than 30 % is no tax on these rows: a journal that pays or corrects tax.
TAX_HERE, PLAIN_HERE = "a.`account_type` = 'Tax'", "coalesce(a.`account_type`, '') not in ('Tax', 'Bank', 'Cash', 'Receivable', 'Payable')"
BOOKED = f"""select r.`parent`, min(case when {TAX_HERE} then r.`account` end) as first_head, max(case when {TAX_HERE} then r.`account` end) as last_head,
    count(distinct case when {TAX_HERE} then r.`account` end) as heads, sum(case when {TAX_HERE} then r.`debit` - r.`credit` else 0 end) as tax,
    sum(case when {PLAIN_HERE} then r.`debit` else 0 end) as debits, sum(case when {PLAIN_HERE} then r.`credit` else 0 end) as credits,
    sum(case when {PLAIN_HERE} and a.`root_type` = 'Income' then r.`debit` + r.`credit` else 0 end) as sold,
    sum(case when {PLAIN_HERE} and a.`root_type` = 'Expense' then r.`debit` + r.`credit` else 0 end) as cost
    from `tabJournal Entry Account` r join `tabJournal Entry` s on s.`name` = r.`parent` join `tabAccount` a on a.`name` = r.`account`
    where s.`company` = %(company)s and s.`docstatus` = 1 and s.`posting_date` >= %(since)s group by r.`parent`"""
TAXED_SIDE = f"""select `first_head`, `last_head`, `heads`, abs(`tax`) as tax, case when `tax` > 0 then 1 else 0 end as is_debit,
    case when `tax` > 0 then `debits` else `credits` end as net,
    case when `sold` > 0 and `cost` = 0 then 'Income' when `cost` > 0 and `sold` = 0 then 'Expense' else '' end as root_type
    from ({BOOKED}) booked where `heads` > 0 and `tax` <> 0"""
SHARE = f"select taxed.*, 1000 * `tax` + 0.5 * `net` as share from ({TAXED_SIDE}) taxed where `net` > 0 and 100 * `tax` <= 30 * `net`"
TENS = f"select shares.*, {_digit('`share`', '0', 100)} as tens from ({SHARE}) shares"
UNITS = f"select tens.*, `tens` + {_digit('`share`', '`tens`', 10)} as units from ({TENS}) tens"
RATES = f"select units.*, `units` + {_digit('`share`', '`units`', 1)} as rate from ({UNITS}) units"
JOURNALS = f"""select `first_head`, `last_head`, `heads`, `is_debit`, `root_type`, `rate`, count(*) as documents, sum(`net`) as net from ({RATES}) rates
    group by `first_head`, `last_head`, `heads`, `is_debit`, `root_type`, `rate`"""

"""Charts as bookkeepers of each country keep them, and which account of Xero's default chart is right for each: `name | group | right code`, "-"
where Xero's chart has none. "code/code" where two are as good. An account type stands behind the group after a slash."""

from __future__ import annotations

import json
from pathlib import Path

from picortex_xero.suggestions.values import HostAccount, XeroAccount
from tests.suggestions.more_charts import MORE, THIRD

DATA = Path(__file__).parents[2] / "sandbox" / "xero" / "data"

AU = """
Income
Sales - Hardware | Sales | 200
Consulting Income | Sales | 200
Freight Recovered | Other Income | 200/260
Interest Received | Other Income | 270
Rental Income | Other Income | 260
Fuel Tax Credits | Other Income | 260
Profit on Sale of Assets | Other Income | -/260
Expense
Opening Stock | Cost of Sales | 310
Purchases | Cost of Sales | 300
Cost of Goods Sold | Cost of Sales/Cost of Goods Sold | 310
Freight Inwards | Cost of Sales | 310/425
Subcontractors | Cost of Sales | 310/-
Accountancy Fees | Overheads | 412
Advertising & Promotion | Overheads | 400
Bank Charges | Overheads | 404
Merchant Fees | Overheads | 404
Bad Debts Written Off | Overheads | -
Cleaning & Rubbish Removal | Overheads | 408
Computer Expenses | Overheads | 453/-
Consultancy Fees | Overheads | 412
Couriers | Overheads | 425
Depreciation - Motor Vehicles | Depreciation/Depreciation | 416
Plant & Equipment | Depreciation Expense/Depreciation | 416
Donations | Overheads | -
Electricity | Overheads | 445
Staff Amenities | Overheads | -/429
Client Entertainment | Overheads | 420
Fines & Penalties | Overheads | -
Insurance - Public Liability | Overheads | 433
WorkCover Insurance | Overheads | 433
Interest on Loans | Overheads | 437
Internet | Overheads | 489
Legal Costs | Overheads | 441
M/V Fuel & Oil | Motor Vehicle Expenses | 449
Registration | Motor Vehicle Expenses | 449
Office Supplies | Overheads | 453/461
Payroll Tax | Overheads | -
Postage | Overheads | 425/461
Printing, Postage & Stationery | Overheads | 461
Rent on Premises | Overheads | 469
R&M - Plant | Overheads | 473
Wages | Overheads | 477
Directors Fees | Overheads | 477
Superannuation Contributions | Overheads | 478
Sales Commissions | Overheads | 479
Subs & Memberships | Overheads | 485
Software Subscriptions | Overheads | 485
Mobile Phones | Overheads | 489
Travel & Accommodation | Overheads | 493
Overseas Travel | Overheads | 494
Foreign Exchange Gain/Loss | Overheads | -
Company Tax | Tax | 505
Training & Seminars | Overheads | -
Asset
Trade Debtors | Current Assets/Receivable | -
Prepaid Insurance | Prepayments | 620
Rental Bond | Current Assets | -
Trading Stock | Current Assets/Stock | -
Provision for Doubtful Debts | Current Assets | -
Office Equipment at Cost | Fixed Assets/Fixed Asset | 710
Acc Dep - Office Equipment | Fixed Assets/Accumulated Depreciation | 711
Computer Hardware | Fixed Assets/Fixed Asset | 720
Computers - Accum. Depn | Fixed Assets/Accumulated Depreciation | 721
Motor Vehicles at Cost | Fixed Assets/Fixed Asset | -
Motor Vehicles Accum Depn | Fixed Assets/Accumulated Depreciation | -
Furniture & Fittings | Fixed Assets/Fixed Asset | 710/-
Goodwill | Intangibles | -
Liability
Trade Creditors | Current Liabilities/Payable | -
Accrued Expenses | Current Liabilities | 805
GST Collected | Current Liabilities/Tax | -
GST Paid | Current Liabilities/Tax | -
PAYG Withholding | Current Liabilities/Tax | 825
Super Payable | Current Liabilities | 826
Wages Clearing | Current Liabilities | 804
Provision for Income Tax | Current Liabilities | 830
Provision for Annual Leave | Current Liabilities | -/805
Customer Deposits | Current Liabilities | -
Chattel Mortgage | Non Current Liabilities | 900
Directors Loan | Non Current Liabilities | 900/-
Equity
Issued Capital | Equity | 970
Dividends Paid | Equity | -
Retained Earnings | Equity | -
"""
NZ = """
Income
Sales | Income | 200
Service Income | Income | 200
Commission Received | Income | 260
Bank Interest | Income | 270
Wage Subsidy | Income | 260
Expense
Cost of Sales | Direct | 310
Purchases | Direct | 300
Customs Duty | Direct | 310/-
ACC Levies | Overheads | 433/-
Accounting Fees | Overheads | 412
Marketing | Overheads | 400
Bank Fees & Charges | Overheads | 404
Bad Debts | Overheads | -
Entertainment | Overheads | 420
Entertainment Non-Deductible | Overheads | 424
Freight & Cartage | Overheads | 425
General | Overheads | 429
Insurance | Overheads | 433
Interest - Loans | Overheads | 437
Legal & Professional Fees | Overheads | 441/412
Power | Overheads | 445
Vehicle Expenses | Overheads | 449
Road User Charges | Overheads | 449
Office Expenses | Overheads | 453
Stationery | Overheads | 461
Rent & Rates | Overheads | 469
Repairs | Overheads | 473
Salaries & Wages | Overheads | 477
KiwiSaver Employer Contributions | Overheads | 477/-
Commissions Paid | Overheads | 478
Subscriptions & Licences | Overheads | 485
Phone & Internet | Overheads | 489
Travel - Domestic | Overheads | 493
Travel - Overseas | Overheads | 494
Realised Currency Gains | Overheads | -
Income Tax | Tax | 505
Loss on Disposal of Fixed Assets | Overheads | -
Asset
RWT Paid | Current Assets | 625
Prepayments | Current Assets | 620
Allowance for Doubtful Accounts | Current Assets | 611
Computers | Fixed Assets/Fixed Asset | 720
Office Equipment | Fixed Assets/Fixed Asset | 710
Office Equipment | Accumulated Depreciation/Accumulated Depreciation | 711
Land & Buildings | Fixed Assets/Fixed Asset | -
Liability
Accruals | Current Liabilities | 805
Deferred Income | Current Liabilities | 835
PAYE | Current Liabilities | 825
KiwiSaver Payable | Current Liabilities | 816
Wages Payable | Current Liabilities | 814
Income Tax Payable | Current Liabilities | 830
GST | Current Liabilities/Tax | -
Suspense Account | Current Liabilities | 850
Term Loan | Term Liabilities | 900
Equity
Funds Introduced | Equity | 970
Drawings | Equity | 980
Ordinary Share Capital | Equity | -/970
"""
UK = """
Income
Turnover | Turnover | 200
Product Sales | Turnover | 200
Grants Received | Other Income | 260
Bank Interest Receivable | Other Income | 270
Expense
Cost of Sales | Cost of Sales | 310
Direct Labour | Cost of Sales | 320
Carriage Inwards | Cost of Sales | 310/425
Advertising | Administrative Expenses | 400
Audit Fees | Administrative Expenses | 401
Accountancy | Administrative Expenses | 401
Bank Charges | Administrative Expenses | 404
Charitable Donations | Administrative Expenses | 418
Consultancy | Administrative Expenses | 412
Depreciation Charge | Administrative Expenses/Depreciation | 416
Client Entertaining | Administrative Expenses | 424/420
Staff Entertaining | Administrative Expenses | 420
Postage & Carriage | Administrative Expenses | 425
Sundry Expenses | Administrative Expenses | 429
Employers' Liability Insurance | Administrative Expenses | 433
Bank Interest Paid | Finance | 437
Hire Purchase Interest | Finance | 437
Solicitors' Fees | Administrative Expenses | 441
Heat & Light | Administrative Expenses | 445
Motor Expenses | Administrative Expenses | 449
Leasing of Equipment | Administrative Expenses | 457
Printing, Stationery and Office Supplies | Administrative Expenses | 461
Computer Software | Administrative Expenses | 463
IT Support | Administrative Expenses | 463
Business Rates | Administrative Expenses | 465
Premises Rent | Administrative Expenses | 469
Repairs & Renewals | Administrative Expenses | 473
Gross Wages | Administrative Expenses | 477
Directors' Salaries | Administrative Expenses | 478
Employer's NI | Administrative Expenses | 479
Employer's Pension Contributions | Administrative Expenses | 482
Private Medical Insurance | Administrative Expenses | 483
Training | Administrative Expenses | 480
Professional Subscriptions | Administrative Expenses | 485
Telephone & Broadband | Administrative Expenses | 489
UK Travel | Administrative Expenses | 493
Foreign Travel | Administrative Expenses | 494
Bad Debts | Administrative Expenses | -
Recruitment | Administrative Expenses | -
Corporation Tax Charge | Tax | 500
Exchange Differences | Administrative Expenses | -
Asset
Fixtures & Fittings | Fixed Assets/Fixed Asset | 710
Computer Equipment | Fixed Assets/Fixed Asset | 720
Computer Equipment Depreciation | Accumulated Depreciation/Accumulated Depreciation | 721
Freehold Property | Fixed Assets/Fixed Asset | 740
Leasehold Property Improvements | Fixed Assets/Fixed Asset | 750
Motor Vehicles Cost | Fixed Assets/Fixed Asset | 760
Motor Vehicles Depreciation | Fixed Assets/Accumulated Depreciation | 761
Plant & Machinery | Fixed Assets/Fixed Asset | 764
Goodwill | Intangible Assets/Fixed Asset | 770
Goodwill Amortisation | Intangible Assets/Accumulated Depreciation | 771
Prepayments | Current Assets | 620
Other Debtors | Current Assets | -
Stock | Current Assets/Stock | -
Bad Debt Provision | Current Assets | 611
Liability
Accruals | Creditors | 805
Deferred Income | Creditors | 810
PAYE/NIC | Creditors | 825
Net Wages | Creditors | 814
Pension Fund Payable | Creditors | 858
Corporation Tax | Creditors | 830
VAT Control | Creditors/Tax | -
Director's Loan Account | Creditors | 835
Bank Loan | Long Term | 900
Hire Purchase | Long Term | 910
Deferred Tax Provision | Long Term | 920
Student Loan Payable | Creditors | 947
Equity
Called Up Share Capital | Capital | 950
Dividends | Capital | -
Profit and Loss Account | Capital | -
"""
US = """
Income
Sales Revenue | Income | 400
Service Revenue | Income | 400
Shipping Income | Income | 400/470
Interest Income | Other Income | 460
Miscellaneous Income | Other Income | 470
Sales Returns and Allowances | Income | 400/-
Expense
COGS | Cost of Goods Sold | 500
Materials | Cost of Goods Sold | 500
Advertising and Marketing | Expenses | 600
Auto Expense | Expenses | 648
Gas & Oil | Automobile Expenses | 648
Bank Service Charges | Expenses | 604
Credit Card Processing Fees | Expenses | 604
Bad Debt Expense | Expenses | 690
Cleaning & Janitorial | Expenses | 608
Bookkeeping | Expenses | 612
Professional Fees | Expenses | 612/640
Depreciation Expense | Expenses/Depreciation | 700
Amortization | Expenses | 700
Dues and Memberships | Expenses | 676
Employee Health Insurance | Payroll Expenses | 715/632
401(k) Match | Payroll Expenses | 715
General Liability Insurance | Expenses | 632
Interest Paid | Expenses | 800
Attorney Fees | Expenses | 640
Meals and Entertainment | Expenses | 620
Office Supplies | Expenses | 652/656
Payroll Taxes | Payroll Expenses | 672
Postage and Shipping | Expenses | 624
Printing and Reproduction | Expenses | 656
Rent or Lease | Expenses | 660
Repairs & Maintenance | Expenses | 664
Salaries & Wages | Payroll Expenses | 668
Officer Salaries | Payroll Expenses | 668
Software | Expenses | 676/652/-
Telephone Expense | Expenses | 680
Travel Expense | Expenses | 684
Airfare | Travel Expense | 684
Utilities | Expenses | 644
Licenses and Permits | Expenses | -/676
Federal Income Tax | Taxes | 710
Discounts Given | Expenses | 825
Charitable Contributions | Expenses | -
Property Tax | Expenses | -/660
Asset
Furniture and Equipment | Fixed Assets/Fixed Asset | 150
Computers & Laptops | Fixed Assets/Fixed Asset | 160
Accumulated Depreciation - Computers | Fixed Assets/Accumulated Depreciation | 161
Vehicles | Fixed Assets/Fixed Asset | -
Security Deposits | Other Assets | -
Prepaid Expenses | Current Assets | -
Inventory Asset | Current Assets/Stock | -
Liability
Accrued Liabilities | Current Liabilities | 205
Sales Tax Payable | Current Liabilities/Tax | -
Payroll Liabilities | Current Liabilities | 216/230
Federal Withholding Payable | Current Liabilities | 230
Garnishments Payable | Current Liabilities | 236
Unearned Revenue | Current Liabilities | 835
Customer Deposits | Current Liabilities | 835
Notes Payable | Long Term Liabilities | 290
PPP Loan | Long Term Liabilities | 290
Equity
Owner's Contributions | Equity | 300
Owner's Draw | Equity | 310
Common Stock | Equity | 330
Additional Paid-in Capital | Equity | -/330
Opening Balance Equity | Equity | -
"""
# ERPNext's Standard chart: name | group/type | right codes for AU, NZ, UK and US.
STANDARD = """
Asset
Debtors | Accounts Receivable/Receivable | - - - -
Cash | Cash In Hand/Cash | - - - -
Employee Advances | Loans and Advances (Assets) | - - - -
Earnest Money | Securities and Deposits | - - - -
Stock In Hand | Stock Assets/Stock | - - - -
Capital Equipments | Fixed Assets/Fixed Asset | -/710 -/710 764 -/150
Electronic Equipments | Fixed Assets/Fixed Asset | 720 720 720 160
Furnitures and Fixtures | Fixed Assets/Fixed Asset | 710 710 710 150
Office Equipments | Fixed Assets/Fixed Asset | 710 710 710 150
Plants and Machineries | Fixed Assets/Fixed Asset | - - 764 -
Buildings | Fixed Assets/Fixed Asset | - - 740 -
Softwares | Fixed Assets/Fixed Asset | 720/- 720/- 770 160/-
Accumulated Depreciation | Fixed Assets/Accumulated Depreciation | - - - -
CWIP Account | Fixed Assets/Capital Work in Progress | - - - -
Temporary Opening | Temporary Accounts/Temporary | - - - -
Expense
Cost of Goods Sold | Stock Expenses/Cost of Goods Sold | 310 310 310 500
Expenses Included In Asset Valuation | Stock Expenses/Expenses Included In Asset Valuation | - - - -
Expenses Included In Valuation | Stock Expenses/Expenses Included In Valuation | 310 310 310 500
Stock Adjustment | Stock Expenses/Stock Adjustment | 310 310 310 500
Administrative Expenses | Indirect Expenses | 429 429 429 628
Commission on Sales | Indirect Expenses | 479 478 - -
Depreciation | Indirect Expenses/Depreciation | 416 416 416 700
Entertainment Expenses | Indirect Expenses | 420 420 420/424 620
Freight and Forwarding Charges | Indirect Expenses/Chargeable | 425 425 425 624
Legal Expenses | Indirect Expenses | 441 441 441 640
Marketing Expenses | Indirect Expenses/Chargeable | 400 400 400 600
Miscellaneous Expenses | Indirect Expenses/Chargeable | 429 429 429 628
Office Maintenance Expenses | Indirect Expenses | 473 473 473 664
Office Rent | Indirect Expenses | 469 469 469 660
Postal Expenses | Indirect Expenses | 425 425 425 624
Print and Stationery | Indirect Expenses | 461 461 461 656
Round Off | Indirect Expenses/Round Off | - - - -
Salary | Indirect Expenses | 477 477 477 668
Sales Expenses | Indirect Expenses | - - - -
Telephone Expenses | Indirect Expenses | 489 489 489 680
Travel Expenses | Indirect Expenses | 493 493 493 684
Utility Expenses | Indirect Expenses | 445 445 445 644
Write Off | Indirect Expenses | - - - 690
Exchange Gain/Loss | Indirect Expenses | - - - -
Gain/Loss on Asset Disposal | Indirect Expenses | - - - -
Impairment | Indirect Expenses | 416/- 416/- 416/- 700/-
Income
Sales | Direct Income | 200 200 200 400
Service | Direct Income | 200 200 200 400
Liability
Creditors | Accounts Payable/Payable | - - - -
Payroll Payable | Accounts Payable | 804 814 814 216
Stock Received But Not Billed | Stock Liabilities/Stock Received But Not Billed | 805 805 805 205
Asset Received But Not Billed | Stock Liabilities/Asset Received But Not Billed | 805 805 805 205
TDS Payable | Duties and Taxes | - - - -
Secured Loans | Loans (Liabilities) | 900 900 900 290
Unsecured Loans | Loans (Liabilities) | 900 900 900 290
Bank Overdraft Account | Loans (Liabilities) | - - - -
Equity
Capital Stock | Equity/Equity | 970 - 950 330
Dividends Paid | Equity/Equity | - - - -
Opening Balance Equity | Equity/Equity | - - - -
Retained Earnings | Equity/Equity | - - - -
Revaluation Surplus | Equity/Equity | - - - -
"""
CHARTS = {"AU": AU, "NZ": NZ, "UK": UK, "US": US}


def host(country: str) -> list[tuple[HostAccount, set[str]]]:
    """The accounts of a country's chart, and the codes that are right for each ("-": none)."""
    return _read(CHARTS[country], 0, numbered=False)


def more(country: str) -> list[tuple[HostAccount, set[str]]]:
    """The accounts of a country's other chart."""
    return _read(MORE[country], 0, numbered=False)


def third(country: str) -> list[tuple[HostAccount, set[str]]]:
    """The accounts of a third chart, where there is one."""
    return _read(THIRD[country], 0, numbered=False) if country in THIRD else []


def standard(country: str, numbered: bool) -> list[tuple[HostAccount, set[str]]]:
    """ERPNext's Standard chart for a company of a country."""
    return _read(STANDARD, list(CHARTS).index(country), numbered)


def _read(chart: str, column: int, numbered: bool) -> list[tuple[HostAccount, set[str]]]:
    found: list[tuple[HostAccount, set[str]]] = []
    root_type = ""
    for at, line in enumerate(chart.strip().splitlines()):
        if "|" not in line:
            root_type = line.strip()
            continue
        name, group, right = (each.strip() for each in line.split("|"))
        group, _, kind = group.partition("/")
        twice = name == group or any(name == each.title for each, _right in found)
        number = str(1000 + at * 10) if numbered else ""
        key = f"{number} - {name} - KS" if numbered else f"{name} {group} - KS" if twice else f"{name} - KS"
        account = HostAccount(key, number, root_type, kind, "", (f"{group} - KS",), "" if numbered else name)
        found.append((account, set(right.split()[column].split("/"))))
    return found


def xero(country: str) -> list[XeroAccount]:
    """Xero's default chart of a country."""
    return [XeroAccount.listed(each) for each in json.loads((DATA / "charts.json").read_text("utf-8"))[country]]


CLASSES = ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")


def rates(country: str) -> list[dict]:
    """Xero's default tax rates of a country, as its API lists them."""
    listed = json.loads((DATA / "tax_rates.json").read_text("utf-8"))[country]
    return [{**each, **{f"CanApplyTo{name}": name in each["CanApplyTo"] for name in CLASSES}} for each in listed]

"""Further charts, in the words of other bookkeeping programs: written down before the suggester was tried on them, and what it got wrong was
mended only where the cause was one of a kind. The form is that of charts.py."""

AU = """
Income
Sales Domestic | Income | 200
Sales Export | Income | 200
Labour Charges | Income | 200
Late Fees Collected | Income | 260
Dividends Received | Other Income | 260
Gain on Foreign Currency | Other Income | -
Expense
Purchases - Raw Materials | Cost of Sales | 300/310
Freight Paid | Cost of Sales | 425/310
Discounts Taken | Cost of Sales | -
Import Duty & Customs Clearance | Cost of Sales | 310
Audit & Accounting | General & Administrative Expenses | 412
ASIC Fees | General & Administrative Expenses | 441/429/-
Bank Account Fees | General & Administrative Expenses | 404
Square Fees | General & Administrative Expenses | 404/-
Borrowing Costs | General & Administrative Expenses | 437
Cleaning of Office | General & Administrative Expenses | 408
Website Hosting & Domain Names | General & Administrative Expenses | 485/400/453/-
Dues & Subscriptions | General & Administrative Expenses | 485
Gas | Utilities | 445
Hire of Plant & Equipment | General & Administrative Expenses | -
Income Protection Insurance | General & Administrative Expenses | 433
Lease Payments - Photocopier | General & Administrative Expenses | -
Low Value Asset Write-off | General & Administrative Expenses | 416/-
Motor Vehicle - Insurance | Motor Vehicle Expenses | 449/433
Motor Vehicle - Tolls | Motor Vehicle Expenses | 449
Parking | General & Administrative Expenses | 449
Protective Clothing | General & Administrative Expenses | -
Staff Recruitment | Employment Expenses | -
Staff Training | Employment Expenses | -
Annual Leave Expense | Employment Expenses | 477
Allowances | Employment Expenses | 477
SGC Superannuation | Employment Expenses | 478
Wages & Salaries - Admin | Employment Expenses | 477
Work Cover Insurance | Employment Expenses | 433
Security Monitoring | General & Administrative Expenses | -
Telephone - Mobile | General & Administrative Expenses | 489
Tools & Minor Equipment | General & Administrative Expenses | 453/473/-
Trade Journals | General & Administrative Expenses | 485
Travel - Airfares & Hotels | General & Administrative Expenses | 493
Waste Disposal | General & Administrative Expenses | 408
Water | General & Administrative Expenses | 445
Uniform Expenses | Employment Expenses | -
Asset
Deposits Paid | Other Current Assets | -
Prepaid Expenses | Other Current Assets | 620
Withholding Credits | Other Current Assets | -
Computer Equip at Cost | Fixed Assets/Fixed Asset | 720
Computer Equip Accum Dep | Fixed Assets/Accumulated Depreciation | 721
Office Furniture & Equip at Cost | Fixed Assets/Fixed Asset | 710
Low Value Pool | Fixed Assets/Fixed Asset | -
Plant at Cost | Fixed Assets/Fixed Asset | -
Liability
Payroll Deductions Payable | Current Liabilities | -
PAYG Tax Payable | Current Liabilities | 825
Superannuation Guarantee Payable | Current Liabilities | 826
Accrued Wages | Current Liabilities | 804/805
Income Received in Advance | Current Liabilities | -
Bank Loans | Non Current Liabilities | 900
Hire Purchase Liability | Non Current Liabilities | 900
Company Tax Payable | Current Liabilities | 830
Gift Cards Issued | Current Liabilities | -
Equity
Ordinary Shares | Equity | 970
Current Year Earnings | Equity | -
"""
NZ = """
Income
Trading Income | Income | 200
Sales - Retail | Income | 200
Hire Income | Income | 200
Interest on Deposits | Income | 270
Insurance Claim Proceeds | Income | 260
Expense
Opening Stock | Cost of Sales | 310
Subcontract Labour | Cost of Sales | 310
Packaging | Cost of Sales | 310
Accident Compensation Levies | Overheads | 433/-
Advertising & Signage | Overheads | 400
Computer Maintenance & Software | Overheads | 453/-
Conference Costs | Overheads | -
Depreciation - Buildings | Overheads/Depreciation | 416
Donations | Overheads | -
Electricity & Gas | Overheads | 445
Fringe Benefit Tax | Overheads | -
Hire of Equipment | Overheads | -
Insurance - Vehicles | Overheads | 433/449
Interest - Bank Overdraft | Overheads | 437
Light, Heat & Power | Overheads | 445
Loss on Sale of Assets | Overheads | -
Mileage Reimbursement | Overheads | 449
Photocopying | Overheads | 461
Postage & Courier | Overheads | 425
Protective Clothing | Overheads | -
R & M - Vehicles | Overheads | 449/473
Security | Overheads | -
Staff Expenses | Overheads | -/429
Staff Recruitment | Overheads | -
Storage | Overheads | 469/-
Tolls & Parking | Overheads | 449
Travel & Accommodation - Overseas | Overheads | 494
Valuation Fees | Overheads | -/412/441
Use of Home Office | Overheads | -/469
Wages - Casual | Overheads | 477
Asset
Sundry Debtors | Current Assets | -
RWT Deducted | Current Assets | 625
Motor Vehicles - Accumulated Depreciation | Fixed Assets/Accumulated Depreciation | -
Office Equipment - Cost | Fixed Assets/Fixed Asset | 710
Work in Progress | Current Assets/Stock | -
Liability
Accrued Expenses | Current Liabilities | 805
Holiday Pay Accrued | Current Liabilities | 805
Provision for Taxation | Current Liabilities | 830
Student Loan Deductions | Current Liabilities | 816
Customer Deposits | Current Liabilities | 835
Shareholder Current Account | Current Liabilities | -/900
Hire Purchase - Vehicle | Term Liabilities | 900
Equity
Owner Drawings | Equity | 980
Capital Introduced | Equity | 970
"""
UK = """
Income
Sales Type A | Sales | 200
Export Sales | Sales | 200
Commissions Received | Other Income | 260
Sale of Assets | Other Income | -/260
Rent Income | Other Income | 260
Expense
Materials Purchased | Purchases | 310
Productive Labour | Direct | 320
Sales Promotion | Overheads | 400
Advertising & PR | Overheads | 400
Staff Salaries | Overheads | 477
SSP Reclaimed | Overheads | 477/-
Staff Pensions | Overheads | 482
Water Rates | Overheads | 445/465
General Rates | Overheads | 465
Fuel and Oil | Motor | 449
Road Fund Licence | Motor | 449
Scale Charges | Motor | 449/-
Train Fares | Travel | 493
Hotel Accommodation | Travel | 493
Postage and Carriage | Overheads | 425
Office Stationery | Overheads | 461
Books etc | Overheads | 485
Professional Fees | Overheads | 412/441
Equipment Hire | Overheads | 457
Office Machine Maintenance | Overheads | 473
Bank Interest Paid | Finance | 437
Credit Charges | Finance | 437/404/-
Bad Debt Write Off | Overheads | -
Plant and Machinery Depreciation | Depreciation/Depreciation | 416
Subscriptions & Donations | Overheads | 485/418
Refreshments | Overheads | 429/-/420
Clothing Costs | Overheads | -
Staff Training & Welfare | Overheads | 480
Premises Insurance | Overheads | 433
Domestic Travel | Overheads | 493
Mobile Charges | Overheads | 489
Charity Donations | Overheads | 418
NI Employers | Overheads | 479
Directors Pension | Overheads | 482
Subcontractors | Direct | 325/310
Asset
Office Equipment Depreciation | Fixed Assets/Accumulated Depreciation | 711
Furniture and Fixtures | Fixed Assets/Fixed Asset | 710
Leasehold Improvements | Fixed Assets/Fixed Asset | 750
Land and Buildings | Fixed Assets/Fixed Asset | 740
Plant & Machinery Depreciation | Fixed Assets/Accumulated Depreciation | 765
Vans | Fixed Assets/Fixed Asset | 760
Deposits | Current Assets | -
Liability
P.A.Y.E. | Current Liabilities | 825
National Insurance | Current Liabilities | 826
Net Wages Control | Current Liabilities | 814
Pension Fund | Current Liabilities | 858
Accruals and Deferred Income | Current Liabilities | 805/810
Mortgages | Long Term | 900
Corporation Tax Payable | Current Liabilities | 830
Directors Loan | Current Liabilities | 835
Attachment of Earnings | Current Liabilities | 868
Equity
Ordinary Shares | Capital | 950
Reserves | Capital | -
Director's Drawings | Capital | 980/-
"""
US = """
Income
Product Sales | Income | 400
Consulting Services | Income | 400
Finance Charge Income | Other Income | 470/460
Reimbursed Expenses | Income | 470
Sales Discounts | Income | 400/-
Expense
Cost of Labor | Cost of Goods Sold | 500
Freight In | Cost of Goods Sold | 500
Merchant Account Fees | Expenses | 604
Car and Truck | Expenses | 648
Computer and Internet Expenses | Expenses | 680
Contract Labor | Expenses | -/668/500
Continuing Education | Expenses | -
Equipment Rental | Expenses | 660/-
Insurance - Liability | Expenses | 632
Insurance - Health | Expenses | 715/632
Internet | Expenses | 680
Janitorial | Expenses | 608
Legal & Accounting | Expenses | 640/612
Marketing | Expenses | 600
Meals | Expenses | 620
Parking & Tolls | Expenses | 648
Payroll Service Fees | Expenses | 612/-
Payroll Taxes - FICA | Payroll | 672
Penalties & Fines | Expenses | -
Postage | Expenses | 624
Rent Expense | Expenses | 660
Retirement Plan Contributions | Payroll | 715
Small Tools | Expenses | -/664/652
Supplies | Expenses | 652
Trash Removal | Expenses | 608/644
Uniforms | Expenses | -
Workers' Compensation | Payroll | 632/715
State Income Tax | Taxes | 710
Bonuses | Payroll | 668
Dues | Expenses | 676
Gas & Electric | Expenses | 644
Asset
Accumulated Depreciation - Office Equipment | Fixed Assets/Accumulated Depreciation | 151
Machinery & Equipment | Fixed Assets/Fixed Asset | -
Computer Equipment | Fixed Assets/Fixed Asset | 160
Undeposited Funds | Current Assets | -
Employee Advances | Current Assets | -
Organization Costs | Other Assets | -
Liability
Accrued Expenses | Current Liabilities | 205
FICA Payable | Current Liabilities | 230
Health Insurance Payable | Current Liabilities | 235
Child Support Payable | Current Liabilities | 236
Deferred Revenue | Current Liabilities | 835
Income Taxes Payable | Current Liabilities | 240
Line of Credit | Current Liabilities | 290
Auto Loan | Long Term Liabilities | 290
Loan from Shareholder | Long Term Liabilities | 290
Equity
Partner Distributions | Equity | 310
Capital Contributions | Equity | 300
Retained Earnings | Equity | -
"""
MORE = {"AU": AU, "NZ": NZ, "UK": UK, "US": US}

THIRD_AU = """
Income
Fees & Charges - Services | Revenue | 200
Sales - GST Free | Revenue | 200
Government Subsidies | Other Income | 260
Interest - CBA Saver | Other Income | 270
Job Income | Revenue | 200
Expense
COGS - Parts | Cost of Sales | 310
Direct Wages | Cost of Sales | 477
Stock Write-offs | Cost of Sales | 310
Accounting & Bookkeeping Fees | Operating Expenses | 412
Advertising - Digital | Operating Expenses | 400
Bank and Merchant Fees | Operating Expenses | 404
Business Insurance | Operating Expenses | 433
Computer Equipment < $1000 | Operating Expenses | 453/-
Contractors | Operating Expenses | -/310/477/412
Depreciation Expense | Operating Expenses/Depreciation | 416
Electricity & Gas | Operating Expenses | 445
Entertainment - Clients | Operating Expenses | 420
Equipment Hire | Operating Expenses | -
Freight & Delivery | Operating Expenses | 425
General Office Expenses | Operating Expenses | 453/429
Internet & Phone | Operating Expenses | 489
Interest - Equipment Loan | Operating Expenses | 437
IT Support | Operating Expenses | -/453/412
Legal & Consulting Fees | Operating Expenses | 441/412
Licences & Registrations | Operating Expenses | -/485
MV - Registration & Insurance | Operating Expenses | 449
MV Fuel | Operating Expenses | 449
Office Cleaning | Operating Expenses | 408
Payroll - Superannuation | Payroll | 478
Payroll - Salaries & Wages | Payroll | 477
Payroll - Workcover | Payroll | 433/-
Rent - Warehouse | Operating Expenses | 469
Repairs & Maintenance - Equipment | Operating Expenses | 473
Staff Training & Development | Operating Expenses | -
Stationery & Office Supplies | Operating Expenses | 461/453
Subscriptions - Software | Operating Expenses | 485
Travel - Interstate | Operating Expenses | 493
Travel - Overseas | Operating Expenses | 494
Asset
Prepaid Software Licences | Current Assets | 620
Accum. Dep'n - Office Equip. | Fixed Assets/Accumulated Depreciation | 711
Laptops | Fixed Assets/Fixed Asset | 720
Fit-out | Fixed Assets/Fixed Asset | -/710
Liability
Accrued Audit Fee | Current Liabilities | 805
Superannuation Liability | Current Liabilities | 826
PAYG Withholding Payable | Current Liabilities | 825
Unearned Revenue | Current Liabilities | -
Loan - Prospa | Non-Current Liabilities | 900
ATO Payment Plan | Current Liabilities | -/830
Equity
Share Capital | Equity | 970
"""
THIRD_US = """
Income
Sales of Product Income | Income | 400
Services | Income | 400
Billable Expense Income | Income | 400/470
Discounts/Refunds Given | Income | -/400
Uncategorized Income | Income | 470/-
Expense
Cost of Goods Sold - Materials | Cost of Goods Sold | 500
Shipping, Freight & Delivery - COS | Cost of Goods Sold | 500/624
Advertising & Promotion | Expenses | 600
Bank Charges & Fees | Expenses | 604
Car & Truck | Expenses | 648
Charitable Donations | Expenses | -
Employee Benefits | Payroll | 715
Gifts | Expenses | 620/-/628
Insurance - Disability | Expenses | 632/715
Interest Expense | Expenses | 800
Job Supplies | Expenses | 500/652/-
Legal & Professional Services | Expenses | 640/612
Meals & Entertainment | Expenses | 620
Office/General Administrative Expenses | Expenses | 652/628
Other Business Expenses | Expenses | 628
Payroll Wages | Payroll | 668
Payroll Taxes | Payroll | 672
Purchases | Expenses | 500
Reimbursable Expenses | Expenses | -
Rent & Lease | Expenses | 660
Repairs & Maintenance | Expenses | 664
Shipping, Freight & Delivery | Expenses | 624
Software Subscriptions | Expenses | 676
Stationery & Printing | Expenses | 656
Subcontractors | Expenses | -/500
Taxes & Licenses | Expenses | 676/-
Travel Meals | Expenses | 684/620
Uncategorized Expense | Expenses | 628
Unapplied Cash Bill Payment Expense | Expenses | -
Utilities | Expenses | 644
Water & Sewer | Expenses | 644
Web Hosting | Expenses | 676/680/600/-
Asset
Furniture & Fixtures | Fixed Assets/Fixed Asset | 150
Leasehold Improvements | Fixed Assets/Fixed Asset | -
Accumulated Depreciation - Furniture | Fixed Assets/Accumulated Depreciation | 151/-
Loans to Others | Current Assets | -
Liability
Federal Taxes (941/944) | Payroll Liabilities | 230
CA PIT / SDI | Payroll Liabilities | 230/-
Direct Deposit Payable | Current Liabilities | 216/-
Loan Payable | Current Liabilities | 290
Equity
Owner's Investment | Equity | 300
Owner's Pay & Personal Expenses | Equity | 310
Shareholder Distributions | Equity | 310/-
"""
THIRD = {"AU": THIRD_AU, "US": THIRD_US}

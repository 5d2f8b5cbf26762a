"""What differs by country: currency, tax, names of firms and people, who is paid by card or direct debit, how an account number looks."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Country:
    """One country's words. `tax`: sales tax in per cent; `foreign`: other currencies with how many units of the own one buys; `account`: # is a digit."""

    code: str
    currency: str
    tax: int
    foreign: tuple[tuple[str, str], ...]
    legal: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[str, ...]
    account: str
    taxman: str
    tax_words: tuple[str, ...]
    shops: tuple[str, ...]
    utilities: tuple[str, ...]

    def account_number(self, rng: Random) -> str:
        return "".join(str(rng.randrange(10)) if mark == "#" else mark for mark in self.account)


TRADES = tuple(
    "Plumbing,Electrical,Joinery,Bakery,Landscapes,Motors,Dental,Interiors,Logistics,Print,Media,Design,Roofing,Catering,Fitness,Optical,Tyres,Timber,Physio,"
    "Consulting,Cleaning,Security,Packaging,Freight,Engineering,Accounting,Software,Studio,Brewing,Books,Coffee,Florist,Fencing,Scaffolding,Glass,Tools,Foods,"
    "Nurseries,Legal,Architects,Surveyors,Recycling,Signs,Uniforms,Vets,Travel,Events,Music,Pools,Irrigation".split(",")
)
FANCY = tuple(
    "Northern,Southern,Eastgate,Westfield,Bluegum,Redwood,Silverline,Goldleaf,Ironbark,Harbour,Summit,Pinnacle,Crescent,Beacon,Anchor,Falcon,Kestrel,Heron,Orchid,"
    "Willow,Cedar,Maple,Granite,Quartz,Cobalt,Ember,Aurora,Meridian,Zenith,Vertex,Nimbus,Horizon,Lakeside,Riverside,Hilltop,Stonebridge,Oakfield,Ashgrove,Fernhill,"
    "Thornton,Brightwater,Clearview,Greenway,Highland,Midland,Coastal,Metro,Central,Pacific,Atlantic,Trident,Phoenix,Griffin,Pegasus,Titan,Atlas,Juniper,Saffron,"
    "Marigold,Copperfield".split(",")
)
ENGLISH_GIVEN = tuple(
    "James,Mary,John,Patricia,Robert,Jennifer,Michael,Linda,David,Elizabeth,William,Susan,Daniel,Karen,Matthew,Nancy,Andrew,Lisa,Paul,Emma,Mark,Olivia,Steven,"
    "Chloe,Kevin,Grace,Brian,Zoe,Liam,Ava,Noah,Mia,Priya,Wei,Ahmed,Sofia,José,Renée".split(",")
)
ENGLISH_FAMILY = tuple(
    "Smith,Jones,Williams,Brown,Taylor,Wilson,Johnson,White,Martin,Anderson,Thompson,Walker,Harris,Lewis,Robinson,Clarke,Hall,Young,King,Wright,Scott,Green,Baker,"
    "Adams,Campbell,Mitchell,Roberts,Carter,Phillips,Evans,Turner,Parker,Collins,Edwards,Stewart,Morris,Murphy,Cook,Rogers,Morgan,Cooper,Peterson,Reed,Bailey,Bell,"
    "Kelly,Howard,Ward,Cox,Richardson,Nguyen,Patel,Singh,Chen,Kaur,O'Brien,Muñoz,García,Petrović,D'Souza".split(",")
)
SHOPS = "AMAZON,UBER TRIP,ADOBE CREATIVE,GOOGLE ADS,MICROSOFT 365,DROPBOX,ZOOM.US,LINKEDIN,CANVA,SHELL,BP EXPRESS,HILTON,FACEBK ADS,GITHUB,ATLASSIAN".split(
    ","
)

AU = Country(
    "AU",
    "AUD",
    10,
    (("USD", "1.5312"), ("NZD", "0.9175"), ("GBP", "2.0240"), ("EUR", "1.7705")),
    ("Pty Ltd", "Pty Limited", "Pty. Ltd.", "Ltd", ""),
    ENGLISH_GIVEN,
    ENGLISH_FAMILY,
    ("Sydney", "Parramatta", "Geelong", "Ballarat", "Cairns", "Hobart", "Perth", "Newcastle", "Brisbane", "Bendigo", "Dubbo"),
    "###-### ########",
    "ATO",
    ("TAX OFFICE PAYMENTS", "ATO"),
    (*SHOPS, "WOOLWORTHS", "COLES", "BUNNINGS", "OFFICEWORKS", "AUSTRALIA POST", "QANTAS", "CALTEX"),
    ("Telstra", "Optus", "AGL Energy", "Origin Energy", "Sydney Water"),
)
NZ = Country(
    "NZ",
    "NZD",
    15,
    (("AUD", "1.0890"), ("USD", "1.6710"), ("GBP", "2.2080")),
    ("Limited", "Ltd", "LP", ""),
    (*ENGLISH_GIVEN, "Aroha", "Tāne", "Wiremu", "Hine"),
    (*ENGLISH_FAMILY, "Ngata", "Tūhoe", "Parata", "Te Kanawa"),
    ("Auckland", "Wellington", "Whangārei", "Napier", "Nelson", "Dunedin", "Hamilton", "Tauranga", "Rotorua", "Timaru"),
    "##-####-#######-00",
    "IRD",
    ("INLAND REVENUE", "IRD"),
    (*SHOPS, "COUNTDOWN", "NEW WORLD", "MITRE 10", "WAREHOUSE STAT", "NZ POST", "AIR NEW ZEALAND", "Z ENERGY"),
    ("Spark", "One NZ", "Genesis Energy", "Mercury", "Watercare"),
)
GB = Country(
    "GB",
    "GBP",
    20,
    (("EUR", "0.8655"), ("USD", "0.7580")),
    ("Ltd", "Limited", "LLP", "plc", ""),
    ENGLISH_GIVEN,
    ENGLISH_FAMILY,
    ("London", "Leeds", "Bristol", "York", "Cardiff", "Glasgow", "Derby", "Exeter", "Norwich", "Chester", "Durham"),
    "##-##-## ########",
    "HMRC",
    ("HMRC VAT", "HMRC CUMBERNAULD", "HMRC PAYE"),
    (*SHOPS, "TESCO STORES", "SAINSBURYS", "SCREWFIX", "TRAINLINE", "ROYAL MAIL", "COSTA COFFEE", "HALFORDS"),
    ("British Gas", "EDF Energy", "Vodafone", "Thames Water", "Virgin Media"),
)
US = Country(
    "US",
    "USD",
    7,
    (("CAD", "0.7115"), ("EUR", "1.1590"), ("GBP", "1.3180")),
    ("Inc", "Inc.", "LLC", "Corp", "Co", ""),
    ENGLISH_GIVEN,
    ENGLISH_FAMILY,
    ("Boston", "Austin", "Denver", "Tampa", "Reno", "Dayton", "Omaha", "Boise", "Tucson", "Raleigh", "Fresno"),
    "######### ##########",
    "IRS",
    ("IRS USATAXPYMT", "EFTPS"),
    (*SHOPS, "HOME DEPOT", "LOWES", "STAPLES", "FEDEX", "USPS", "COSTCO WHSE", "DELTA AIR"),
    ("Verizon", "Comcast Business", "Duke Energy", "Waste Management", "Con Edison"),
)
DE = Country(
    "DE",
    "EUR",
    19,
    (("USD", "0.8630"), ("CHF", "1.0720"), ("GBP", "1.1550")),
    ("GmbH", "GmbH & Co. KG", "AG", "e.K.", ""),
    ("Jürgen", "Anna", "Klaus", "Sabine", "Björn", "Petra", "Uwe", "Käthe", "Lukas", "Jörg", "Lena", "Günther"),
    ("Müller", "Schmidt", "Schröder", "Weiß", "Krämer", "Köhler", "Fischer", "Wagner", "Jäger", "Bauer", "Hoffmann", "Groß"),
    ("Berlin", "Köln", "Mainz", "Lübeck", "Jena", "Würzburg", "Essen", "Bremen", "Nürnberg", "Kiel"),
    "DE####################",
    "Finanzamt",
    ("FINANZAMT", "FINANZKASSE"),
    (*SHOPS, "REWE", "EDEKA", "DB VERTRIEB", "DEUTSCHE POST", "OBI BAUMARKT", "ARAL", "LUFTHANSA"),
    ("Telekom Deutschland", "Stadtwerke", "Vattenfall", "Vodafone", "E.ON Energie"),
)
SG = Country(
    "SG",
    "SGD",
    9,
    (("USD", "1.3020"), ("MYR", "0.3140"), ("EUR", "1.5080")),
    ("Pte Ltd", "Pte. Ltd.", "LLP", ""),
    (*ENGLISH_GIVEN, "Hui Min", "Jia Hao", "Siti"),
    ("Tan", "Lim", "Lee", "Ng", "Wong", "Goh", "Chua", "Rahman", "Pillai", "Ong"),
    ("Orchard", "Jurong", "Tampines", "Bedok", "Raffles", "Bukit Timah", "Clementi"),
    "###-######-#",
    "IRAS",
    ("IRAS GST", "IRAS"),
    (*SHOPS, "FAIRPRICE", "GRAB RIDES", "SINGPOST", "POPULAR BOOKS", "COURTS", "SCOOT"),
    ("Singtel", "SP Services", "StarHub", "M1", "Sembcorp Power"),
)
COUNTRIES = {each.code: each for each in (AU, NZ, GB, US, DE, SG)}
# How often the seed takes which.
OFTEN = (("AU", 28), ("NZ", 20), ("GB", 22), ("US", 22), ("DE", 5), ("SG", 3))


def of(rng: Random, code: str) -> Country:
    """The country of that code; "" lets the generator choose. KeyError for one it does not know."""
    return COUNTRIES[code or rng.choices([name for name, _ in OFTEN], [weight for _, weight in OFTEN])[0]]

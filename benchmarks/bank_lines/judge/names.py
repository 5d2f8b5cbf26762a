"""Names of companies and people, by country, and what a bank makes of them."""

from __future__ import annotations

import unicodedata
from random import Random

SURNAMES = (
    "Abbott Achterberg Ainsley Baxter Beaumont Brannigan Calloway Carmody Castellano Chen Colquhoun Dalgleish Dempsey Duarte Eastwood Fairweather Faulkner Ferreira "
    "Gallagher Gilchrist Goodwin Haldane Hargreaves Hennessy Hoang Iyer Jarvis Kaminski Kavanagh Kelleher Kowalski Lachlan Langford Lindqvist Macready Maguire "
    "Marchetti McAllister Mendoza Mulligan Nakamura Nguyen Novak O'Brien O'Rourke Okafor Osborne Papadakis Patel Pemberton Pereira Quigley Ramsay Redfern Rossi "
    "Sandhu Schaefer Sinclair Singh Smith Smithson Tanaka Thornton Tran Underhill Vasquez Waverley Whitlock Williams Williamson Wong Yates Zielinski"
).split()
FIRST_NAMES = (
    "Aaron Adele Alice Amir Andrew Angela Anita Ben Bronwyn Carlos Chloe Craig Daniel Deepa Diane Edward Elena Emma Farid Fiona George Grace Hamish Helen Ian "
    "Ivana Jack Jane Jasmine Joanne John Jonathan Karen Kate Kevin Kim Laura Leo Liam Linda Lucy Marcus Maria Mark Mei Michael Mohan Nadia Nick Nina Olivia Omar "
    "Patricia Paul Peter Priya Rachel Raj Rebecca Robert Rosa Ryan Sam Sarah Simon Sophie Stephen Susan Thomas Tui Victoria Wendy William Yusuf Zoe"
).split()
PLACES = {
    "AU": "Ballarat Bondi Brunswick Cairns Coolangatta Dandenong Fremantle Geelong Gippsland Glenelg Hunter Illawarra Kiama Launceston Manly Mildura Mornington Noosa "
    "Parramatta Penrith Riverina Southbank Swan Tamworth Toowoomba Yarra".split(),
    "NZ": "Aoraki Bombay Canterbury Coromandel Dargaville Fiordland Gisborne Hawkes Hutt Kapiti Kerikeri Manukau Marlborough Motueka Napier Onehunga Otago Papakura "
    "Picton Ponsonby Rotorua Tasman Taupo Tauranga Waikato Whangarei".split(),
    "GB": "Ashford Barnsley Bexhill Camden Chiltern Cotswold Dalston Devon Dorset Fenland Hackney Harrogate Ilkley Kendal Lambeth Malvern Mersey Northgate Pennine "
    "Peckham Severn Shoreditch Solent Thames Trent Wessex Wirral Yorkshire".split(),
    "US": "Akron Bayside Boise Brazos Cascade Chesapeake Dakota Delmar Evanston Fairfax Great_Lakes Gulf Hudson Lakeshore Lone_Star Magnolia Midwest Mohawk Napa Ozark "
    "Piedmont Potomac Red_River Rocky_Mountain Sierra Tri-County Tucson Wabash".split(),
    "DE": "Allgäu Altmark Bayerwald Bodensee Börde Donau Eifel Elbe Emsland Franken Hansa Harz Havel Isar Lüneburg Mosel Münsterland Neckar Oder Rhön Ruhr Saale "
    "Schwarzwald Spree Thüringen Weser".split(),
    "SG": "Aljunied Ang_Mo_Kio Bedok Bukit_Timah Changi Clementi Dempsey Geylang Jurong Kallang Katong Marina Merlion Novena Orchard Pasir_Ris Punggol Queenstown "
    "Sembawang Sentosa Tampines Tuas".split(),
}
TRADES = (
    "Accounting Agencies Air Architects Automotive Bakery Brewing Builders Cafe Cleaning Civil Construction Consulting Couriers Dental Design Digital Distribution "
    "Electrical Electronics Engineering Events Fabrication Fencing Flooring Foods Freight Furniture Glazing Hardware Health Holdings Homewares Hospitality IT_Services "
    "Joinery Landscapes Legal Logistics Marine Marketing Media Medical Motors Nurseries Packaging Painting Pharmacy Physiotherapy Plumbing Print Produce Properties "
    "Property_Management Recruitment Refrigeration Roofing Safety Security Signs Solar Storage Studio Supplies Surveyors Textiles Timber Tools Training Transport "
    "Veterinary Wholesale Wines"
).split()
BRANDS = (
    "Acorn Anchor Apex Aurora Beacon Blue_Heron Bright_Side Café_Olé Cobalt Copper_Tree Crème Delta Ember Evergreen Falcon First_Choice Fox_&_Hound Golden Granite Hollow_Oak "
    "Iron_Bark Juniper Kestrel Keystone Lighthouse Lumen Maple Meridian North_Star Nova Orbit Pacific Paragon Pioneer Quantum Raven Redgum Señor Silver_Fern Summit Sun_Valley "
    "Tall_Poppy Titan Top_Notch Union Vertex Wattle Wild_Thyme Willow Zenith"
).split()
FORMS = {
    "AU": ("Pty Ltd", "Pty Ltd", "Pty Ltd", "Pty. Limited", "Ltd", "", "Trust", "Partnership"),
    "NZ": ("Limited", "Limited", "Ltd", "Ltd", "", "Partnership", "Trust"),
    "GB": ("Ltd", "Ltd", "Limited", "Limited", "LLP", "plc", "", "CIC"),
    "US": ("LLC", "LLC", "Inc", "Inc.", "Corp", "Co", "", "LP"),
    "DE": ("GmbH", "GmbH", "GmbH & Co. KG", "AG", "e.K.", "UG"),
    "SG": ("Pte Ltd", "Pte Ltd", "Pte. Ltd.", "LLP", ""),
}
# Words that say what kind of company it is and not which.
FORM_WORDS = frozenset(
    "PTY LTD LIMITED LLC INC CORP CO LP LLP PLC CIC GMBH KG AG EK UG PTE TRUST PARTNERSHIP THE AND MR MRS MS DR TRADING AS T A E K".split()
)


def plain(text: str) -> str:
    """What a bank that knows only capitals without accents makes of it."""
    spread = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(letter for letter in spread if not unicodedata.combining(letter)).upper()


def person(rng: Random) -> str:
    return f"{rng.choice(FIRST_NAMES)} {rng.choice(SURNAMES)}"


def company(rng: Random, country: str) -> str:
    """The name on the company's letterhead, legal form included."""
    trade, place = rng.choice(TRADES), rng.choice(PLACES[country])
    shape = rng.randrange(10)
    if shape < 3:
        stem = f"{rng.choice(SURNAMES)} {trade}"
    elif shape < 5:
        stem = f"{place} {trade}"
    elif shape < 8:
        stem = f"{rng.choice(BRANDS)} {trade}"
    elif shape == 8:
        stem = f"{rng.choice(SURNAMES)} & {rng.choice(SURNAMES)} {trade}"
    else:
        stem = f"{rng.choice(BRANDS)} {trade} {place}"
    return f"{stem} {rng.choice(FORMS[country])}".replace("_", " ").strip()


def without_form(title: str) -> str:
    """A title without what says Ltd, Inc or GmbH."""
    words = title.split()
    while len(words) > 1 and plain(words[-1]).strip(".&").replace(".", "") in FORM_WORDS | {""}:
        words.pop()
    return " ".join(words)

"""Codes of vaccines, tests and countries: the value sets that certificates use.

Sources: WHO tng-valuesets (vaccine-prophylaxis 2023-01-25, vaccine-medicinal-product 2022-11-30, vaccine-mah-manf
2022-01-26); which product goes with which holder and type: eHealth Network, value sets for EU Digital COVID
Certificates, Annex A (eu-dcc-valuesets, annex-A/table.tsv). Countries: ISO 3166-1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

COVID_19: Final = "840539006"
NAA_TEST: Final = "LP6464-4"
RAPID_TEST: Final = "LP217198-3"
NOT_DETECTED: Final = "260415000"
DETECTED: Final = "260373001"

DISEASES: Final = frozenset({COVID_19})
TEST_TYPES: Final = frozenset({NAA_TEST, RAPID_TEST})
TEST_RESULTS: Final = frozenset({NOT_DETECTED, DETECTED})

ANY_VACCINE: Final = "28531000087107"
_RNA: Final = "1119349007"
_VECTOR: Final = "29061000087103"
_INACTIVATED: Final = "1157024006"
_SPIKE: Final = "1162643001"

VACCINES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "1119305005": "SARS-CoV-2 antigen vaccine",
        _RNA: "SARS-CoV-2 mRNA vaccine",
        "J07BX03": "covid-19 vaccines (deprecated)",
        _SPIKE: "SARS-CoV-2 recombinant spike protein antigen vaccine",
        _INACTIVATED: "Inactivated whole SARS-CoV-2 antigen vaccine",
        _VECTOR: "COVID-19 non-replicating viral vector vaccine",
        ANY_VACCINE: "COVID-19 vaccine",
        "30141000087107": "SARS-CoV-2 virus-like particle antigen vaccine",
        "1187593009": "SARS-CoV-2 DNA plasmid encoding spike protein vaccine",
    }
)

HOLDERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ORG-100001699": "AstraZeneca AB",
        "ORG-100030215": "Biontech Manufacturing GmbH",
        "ORG-100001417": "Janssen-Cilag International",
        "ORG-100031184": "Moderna Biotech Spain S.L.",
        "ORG-100006270": "Curevac AG",
        "ORG-100013793": "CanSino Biologics",
        "ORG-100020693": "China Sinopharm International Corp. - Beijing location",
        "ORG-100010771": "Sinopharm Weiqida Europe Pharmaceutical s.r.o. - Prague location",
        "ORG-100024420": "Sinopharm Zhijun (Shenzhen) Pharmaceutical Co. Ltd. - Shenzhen location",
        "ORG-100032020": "Novavax CZ a.s.",
        "Gamaleya-Research-Institute": "Gamaleya Research Institute",
        "Vector-Institute": "Vector Institute",
        "Sinovac-Biotech": "Sinovac Biotech",
        "Bharat-Biotech": "Bharat Biotech",
        "ORG-100001981": "Serum Institute Of India Private Limited",
        "Fiocruz": "Fiocruz",
        "ORG-100007893": "R-Pharm CJSC",
        "Chumakov-Federal-Scientific-Center": "Chumakov Federal Scientific Center",
        "ORG-100023050": "Gulf Pharmaceutical Industries",
        "CIGB": "Center for Genetic Engineering and Biotechnology",
        "Sinopharm-WIBP": "Sinopharm - Wuhan Institute of Biological Products",
        "ORG-100033914": "Medigen Vaccine Biologics Corporation",
        "ORG-100000788": "Sanofi Pasteur",
        "ORG-100036422": "Valneva France",
        "Instituto-Butantan": "Instituto Butantan",
        "NVSI": "National Vaccine and Serum Institute, China",
        "Yisheng-Biopharma": "Yisheng Biopharma",
        "ORG-100026614": "Sinocelltech Ltd.",
        "ORG-100008549": "Medicago Inc.",
        "Finlay-Institute": "Finlay Institute of Vaccines",
        "ORG-100036914": "Hipra Human Health S.L.",
    }
)


@dataclass(frozen=True, slots=True)
class Product:
    """A vaccine: its name, the one `ma` it is certified with, its own `vp` if it has one besides the general."""

    name: str
    holder: str
    vaccine: str = ANY_VACCINE
    active: bool = True


PRODUCTS: Final[Mapping[str, Product]] = MappingProxyType(
    {
        "EU/1/20/1528": Product("Comirnaty", "ORG-100030215", _RNA),
        "EU/1/20/1507": Product("Spikevax", "ORG-100031184", _RNA),
        # The published sample of Viet Nam's vaccine passport says EU/1/21/1529 with ORG-100030215 (BioNTech): wrong.
        "EU/1/21/1529": Product("Vaxzevria", "ORG-100001699", _VECTOR),
        "EU/1/20/1525": Product("Jcovden", "ORG-100001417", _VECTOR),
        "CVnCoV": Product("CVnCoV", "ORG-100006270", _RNA),
        "NVX-CoV2373": Product("NVX-CoV2373", "ORG-100032020", _SPIKE, active=False),
        "Sputnik-V": Product("Sputnik-V", "Gamaleya-Research-Institute", _VECTOR),
        "Convidecia": Product("Convidecia", "ORG-100013793", _VECTOR),
        "EpiVacCorona": Product("EpiVacCorona", "Vector-Institute", _SPIKE),
        "BBIBP-CorV": Product("BBIBP-CorV", "ORG-100020693", _INACTIVATED),
        "Inactivated-SARS-CoV-2-Vero-Cell": Product(
            "Inactivated SARS-CoV-2 (Vero Cell)", "ORG-100010771", _INACTIVATED, active=False
        ),
        "CoronaVac": Product("CoronaVac", "Sinovac-Biotech", _INACTIVATED),
        "Covaxin": Product("Covaxin", "Bharat-Biotech", _INACTIVATED),
        "Covishield": Product("Covishield", "ORG-100001981", _VECTOR),
        "Covid-19-recombinant": Product("Covid-19 (recombinant)", "Fiocruz", _VECTOR),
        "R-COVI": Product("R-COVI", "ORG-100007893", _VECTOR),
        "CoviVac": Product("CoviVac", "Chumakov-Federal-Scientific-Center", _INACTIVATED),
        "Sputnik-Light": Product("Sputnik Light", "Gamaleya-Research-Institute", _VECTOR),
        "Hayat-Vax": Product("Hayat-Vax", "ORG-100023050", _INACTIVATED),
        "Abdala": Product("Abdala", "CIGB"),
        "WIBP-CorV": Product("WIBP-CorV", "Sinopharm-WIBP", _INACTIVATED),
        "MVC-COV1901": Product("MVC COVID-19 vaccine", "ORG-100033914", _SPIKE),
        "EU/1/21/1618": Product("Nuvaxovid", "ORG-100032020", _SPIKE),
        "Covovax": Product("Covovax", "ORG-100001981", _SPIKE),
        "Vidprevtyn": Product("Vidprevtyn", "ORG-100000788", active=False),
        "VLA2001": Product("VLA2001", "ORG-100036422", active=False),
        "EpiVacCorona-N": Product("EpiVacCorona-N", "Vector-Institute", _SPIKE),
        "Sputnik-M": Product("Sputnik M", "Gamaleya-Research-Institute", _VECTOR),
        "Covid-19-adsorvida-inativada": Product(
            "Vacina adsorvida covid-19 (inativada)", "Instituto-Butantan", _INACTIVATED
        ),
        "NVSI-06-08": Product("NVSI-06-08", "NVSI"),
        "YS-SC2-010": Product("YS-SC2-010", "Yisheng-Biopharma"),
        "SCTV01C": Product("SCTV01C", "ORG-100026614"),
        "Covifenz": Product("Covifenz", "ORG-100008549"),
        "AZD2816": Product("AZD2816", "ORG-100001699", _VECTOR),
        "Soberana-02": Product("Soberana 02", "Finlay-Institute"),
        "Soberana-Plus": Product("Soberana Plus", "Finlay-Institute"),
        "EU/1/21/1624": Product("COVID-19 Vaccine Valneva", "ORG-100036422"),
        "EU/1/21/1580": Product("VidPrevtyn Beta", "ORG-100000788"),
        "EU/1/22/1709": Product("Bimervax", "ORG-100036914"),
    }
)

# ISO 3166-1 alpha-2, with XK (Kosovo, user-assigned) and the EL and UK that the Union's own texts use.
_COUNTRY_LIST: Final = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH EL ER ES ET FI FJ FK FM
    FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN
    MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT
    PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL
    TM TN TO TR TT TV TW TZ UA UG UK UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES: Final = frozenset(_COUNTRY_LIST.split())


def pair_fits(mp: str, ma: str, vp: str) -> bool:
    """Tell whether a new certificate may name this product with this holder and this type of vaccine (Annex A).

    False for codes that are unknown or no longer to be issued, `J07BX03` among them.
    """
    product = PRODUCTS.get(mp)
    if product is None or not product.active:
        return False
    return product.holder == ma and vp in (product.vaccine, ANY_VACCINE)

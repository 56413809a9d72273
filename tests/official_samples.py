"""Small official files that are whole and right, for tests to read and to spoil.

Each is what its agency would publish of a handful of drugs or codes; `SMALL` lifts the lower bounds of size, and
`TOLERANT` lets rejected rows pass so that what remains can be looked at.
"""

from pathlib import Path

from mtm_shared.vocabulary.official.tally import ANY_SIZE

SMALL = ANY_SIZE
TOLERANT = ANY_SIZE._replace(rejected_share=0.9, unknown_share=0.9, unfit_share=0.9)

_RELATED = {
    "consists_of": "constitutes",
    "has_ingredient": "ingredient_of",
    "has_precise_ingredient": "precise_ingredient_of",
    "has_dose_form": "dose_form_of",
    "tradename_of": "has_tradename",
    "form_of": "has_form",
    "has_part": "part_of",
    "contains": "contained_in",
}


def quiet(name: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


class SmallRelease:
    """The three tables of an RxNorm release, row by row."""

    def __init__(self) -> None:
        self.conso: list[str] = []
        self.rel: list[str] = []
        self.sat: list[str] = []
        self._rows = 1000

    def atom(self, rxcui: int, tty: str, name: str, *, source: str = "RXNORM", suppress: str = "N") -> "SmallRelease":
        """A name of a concept."""
        self._rows += 1
        code = rxcui if source == "RXNORM" else f"V{rxcui}"
        self.conso.append(
            f"{rxcui}|ENG||||||{self._rows}|{self._rows}|{code}||{source}|{tty}|{code}|{name}||{suppress}|4096|"
        )
        return self

    def relate(self, whole: int, rela: str, *parts: int) -> "SmallRelease":
        """`whole` stands in `rela` to each part, stated from both ends."""
        for part in parts:
            self._rows += 2
            self.rel.append(f"{part}||CUI|RO|{whole}||CUI|{rela}|{self._rows}||RXNORM||||N|4096|")
            self.rel.append(f"{whole}||CUI|RO|{part}||CUI|{_RELATED[rela]}|{self._rows + 1}||RXNORM||||N|4096|")
        return self

    def attribute(self, rxcui: int, name: str, value: str, *, source: str = "RXNORM") -> "SmallRelease":
        """An attribute, such as an NDC."""
        self._rows += 1
        self.sat.append(f"{rxcui}|||{self._rows}|AUI|{rxcui}|||{name}|{source}|{value}|N|4096|")
        return self

    def files(self) -> dict[str, bytes]:
        """The tables as bytes by file name."""
        tables = {"RXNCONSO.RRF": self.conso, "RXNREL.RRF": self.rel, "RXNSAT.RRF": self.sat}
        return {name: "".join(f"{row}\n" for row in rows).encode() for name, rows in tables.items()}


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """The files in a folder, which is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def a_release() -> SmallRelease:
    """Single drugs, a combination of two salts, brands, a pack, and rows that are not for us."""
    release = SmallRelease()
    for rxcui, tty, name in (
        (83367, "IN", "atorvastatin"),
        (29046, "IN", "lisinopril"),
        (5487, "IN", "hydrochlorothiazide"),
        (6918, "IN", "metoprolol"),
        (221124, "PIN", "metoprolol succinate"),
        (214618, "MIN", "hydrochlorothiazide / lisinopril"),
        (317541, "DF", "Oral Tablet"),
        (316945, "DF", "Extended Release Oral Tablet"),
        (746839, "DF", "Pack"),
        (329299, "SCDC", "atorvastatin 40 MG"),
        (316151, "SCDC", "lisinopril 10 MG"),
        (316047, "SCDC", "hydrochlorothiazide 12.5 MG"),
        (866435, "SCDC", "metoprolol succinate 50 MG"),
        (617311, "SCD", "atorvastatin 40 MG Oral Tablet"),
        (153165, "BN", "Lipitor"),
        (617320, "SBD", "atorvastatin 40 MG Oral Tablet [Lipitor]"),
        (197885, "SCD", "hydrochlorothiazide 12.5 MG / lisinopril 10 MG Oral Tablet"),
        (216123, "BN", "Zestoretic"),
        (823982, "SBD", "hydrochlorothiazide 12.5 MG / lisinopril 10 MG Oral Tablet [Zestoretic]"),
        (314076, "SCD", "lisinopril 10 MG Oral Tablet"),
        (866436, "SCD", "24 HR metoprolol succinate 50 MG Extended Release Oral Tablet"),
        (999001, "GPCK", "{7 (atorvastatin 40 MG Oral Tablet) / 7 (lisinopril 10 MG Oral Tablet) } Pack"),
    ):
        release.atom(rxcui, tty, name)
    release.atom(617311, "SY", "atorvastatin 40 mg tab").atom(617311, "PSN", "atorvastatin 40 MG Oral Tablet")
    release.atom(83367, "SY", "atorvastatinum").atom(617311, "DP", "ATORVASTATIN CALCIUM 40mg", source="MTHSPL")
    release.atom(999100, "SCD", "withdrawnol 1 MG Oral Tablet", suppress="O")
    return _related(release)


def _related(release: SmallRelease) -> SmallRelease:
    release.relate(329299, "has_ingredient", 83367).relate(316151, "has_ingredient", 29046)
    release.relate(316047, "has_ingredient", 5487).relate(866435, "has_ingredient", 6918)
    release.relate(866435, "has_precise_ingredient", 221124).relate(221124, "form_of", 6918)
    release.relate(214618, "has_part", 5487, 29046)
    for drug, form, components in (
        (617311, 317541, (329299,)),
        (617320, 317541, (329299,)),
        (197885, 317541, (316151, 316047)),
        (823982, 317541, (316151, 316047)),
        (314076, 317541, (316151,)),
        (866436, 316945, (866435,)),
    ):
        release.relate(drug, "has_dose_form", form).relate(drug, "consists_of", *components)
    release.relate(153165, "tradename_of", 83367).relate(617320, "has_ingredient", 153165)
    release.relate(216123, "tradename_of", 29046, 5487).relate(823982, "has_ingredient", 216123)
    release.relate(617320, "tradename_of", 617311).relate(823982, "tradename_of", 197885)
    release.relate(999001, "contains", 617311, 314076).relate(999001, "has_dose_form", 746839)
    for rxcui, ndc in ((617311, "00093505698"), (617320, "00071015723"), (197885, "00172503170")):
        release.attribute(rxcui, "NDC", ndc)
    release.attribute(314076, "NDC", "00093111301").attribute(617311, "RXN_AVAILABLE_STRENGTH", "40 MG")
    return release.attribute(617311, "NDC", "0093-5056-98", source="MTHSPL")


PRODUCT = (
    "PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tPROPRIETARYNAMESUFFIX\tNONPROPRIETARYNAME\t"
    "DOSAGEFORMNAME\tROUTENAME\tSTARTMARKETINGDATE\tENDMARKETINGDATE\tMARKETINGCATEGORYNAME\tAPPLICATIONNUMBER\t"
    "LABELERNAME\tSUBSTANCENAME\tACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\tPHARM_CLASSES\tDEASCHEDULE\t"
    "NDC_EXCLUDE_FLAG\tLISTING_RECORD_CERTIFIED_THROUGH",
    "0071-0157_a1\t0071-0157\tHUMAN PRESCRIPTION DRUG\tLipitor\t\tatorvastatin calcium\tTABLET, FILM COATED\tORAL\t"
    "19961217\t\tNDA\tNDA020702\tA Labeler\tATORVASTATIN CALCIUM TRIHYDRATE\t40\tmg/1\t"
    "HMG-CoA Reductase Inhibitor [EPC],Hydroxymethylglutaryl-CoA Reductase Inhibitors [MoA]\t\tN\t20261231",
    "50111-467_b2\t50111-467\tHUMAN PRESCRIPTION DRUG\tZolpidem\tER\tzolpidem tartrate\tTABLET\tORAL\t20070423\t"
    "20280101\tANDA\tANDA077214\tB Labeler\tZOLPIDEM TARTRATE\t10\tmg/1\t"
    "Anti-Inflammatory Agents, Non-Steroidal [CS],GABA A Agonists [MoA]\tCIV\tN\t20261231",
    "60000-0123_c3\t60000-0123\tHUMAN OTC DRUG\tTwo in One\t\tone and two\tSOLUTION\tORAL; TOPICAL\t20100101\t\t"
    "OTC MONOGRAPH FINAL\tpart341\tC Labeler\tONE; TWO\t1; 2\tmg/mL; mg/mL\t\t\tN\t20261231",
)
PACKAGE = (
    "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\tENDMARKETINGDATE\t"
    "NDC_EXCLUDE_FLAG\tSAMPLE_PACKAGE",
    "0071-0157_a1\t0071-0157\t0071-0157-23\t90 TABLET in 1 BOTTLE (0071-0157-23) \t19961217\t\tN\tN",
    "50111-467_b2\t50111-467\t50111-467-01\t100 TABLET in 1 BOTTLE (50111-467-01) \t20070423\t20280101\tN\tN",
    "60000-0123_c3\t60000-0123\t60000-0123-4\t1 BOTTLE in 1 BOX (60000-0123-4) \t\t\tN\tY",
)


def a_directory() -> dict[str, bytes]:
    """Three products of the FDA NDC Directory, one package each, of the three shapes of codes."""
    return {
        "product.txt": "".join(f"{row}\r\n" for row in PRODUCT).encode(),
        "package.txt": "".join(f"{row}\r\n" for row in PACKAGE).encode(),
    }


ORDER = (
    ("E11", 0, "Type 2 diabetes mellitus"),
    ("E112", 0, "Type 2 diabetes mellitus with kidney complications"),
    ("E1121", 1, "Type 2 diabetes mellitus with diabetic nephropathy"),
    ("E1122", 1, "Type 2 diabetes mellitus with diabetic chronic kidney disease"),
    ("I10", 1, "Essential (primary) hypertension"),
    ("W19", 0, "Unspecified fall"),
    ("W19XXXA", 1, "Unspecified fall, initial encounter"),
    ("W19XXXD", 1, "Unspecified fall, subsequent encounter"),
)


def an_order_file() -> bytes:
    """Eight rows of an ICD-10-CM order file."""
    rows = (
        f"{number:05} {code:<7} {valid} {title[:60]:<60} {title}"
        for number, (code, valid, title) in enumerate(ORDER, 1)
    )
    return "".join(f"{row}\r\n" for row in rows).encode()


def a_codes_file() -> bytes:
    """The valid codes among them, as the codes file has them."""
    return "".join(f"{code:<7} {title}\r\n" for code, valid, title in ORDER if valid).encode()


TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular>
  <version>2027</version>
  <chapter><name>20</name><desc>External causes</desc>
    <section id="W00-W19"><desc>Falls</desc>
      <diag><name>W19</name><desc>Unspecified fall</desc>
        <sevenChrDef>
          <extension char="A">initial encounter</extension>
          <extension char="D">subsequent encounter</extension>
        </sevenChrDef>
      </diag>
      <diag><name>S06</name><desc>Intracranial injury</desc>
        <sevenChrDef>
          <extension char="A">initial encounter</extension>
          <extension char="S">sequela</extension>
        </sevenChrDef>
        <notes>
          <note>7th characters D and S do not apply to codes in category S06 with 6th character 7 - death,
            or 8 - other.</note>
        </notes>
        <diag><name>S06.1X6</name><desc>Loss of consciousness</desc></diag>
        <diag><name>S06.1X7</name><desc>Death</desc></diag>
      </diag>
      <diag><name>I10</name><desc>Essential (primary) hypertension</desc></diag>
    </section>
  </chapter>
</ICD10CM.tabular>
"""


def _association(name: str, start: tuple[str, str, str], end: tuple[str, str, str]) -> str:
    places = [
        f"<{side}_{what}>{value}</{side}_{what}>"
        for side, values in (("from", start), ("to", end))
        for what, value in zip(("namespace", "name", "code"), values, strict=True)
    ]
    return "\n".join(
        ["<association>", "<namespace>MED-RT</namespace>", f"<name>{name}</name>", *places, "</association>"]
    )


def _concept(code: str, name: str, kind: str) -> str:
    return (
        f"<concept>\n<namespace>MED-RT</namespace>\n<name>{name}</name>\n<code>{code}</code>\n<status>A</status>\n"
        f"<property><namespace>MED-RT</namespace><name>CTY</name><value>{kind}</value></property>\n</concept>"
    )


_STATIN = ("MED-RT", "HMG-CoA Reductase Inhibitor [EPC]", "N0000175589")
_BIN = ("MED-RT", "Preparations A", "N0000000002")
_ATORVASTATIN = ("RxNorm", "atorvastatin", "83367")
MEDRT = "\n".join(
    [
        '<?xml version="1.0" encoding="UTF-8" ?>',
        "<terminology>",
        "<namespace><name>MED-RT</name><version>2026.11.02</version></namespace>",
        _concept("N0000175589", _STATIN[1], "EPC"),
        _concept("N0000000002", _BIN[1], "HC"),
        _association("Parent Of", _STATIN, _ATORVASTATIN),
        _association("Parent Of", _BIN, _ATORVASTATIN),
        _association("may_treat", _ATORVASTATIN, ("MeSH", "Hypercholesterolemia", "M0010681")),
        _association("CI_with", _ATORVASTATIN, ("MeSH", "Liver Diseases", "M0012644")),
        _association("has_news", _ATORVASTATIN, ("MeSH", "Liver Diseases", "M0012644")),
        _association("Parent Of", _BIN, _STATIN),
        "</terminology>",
        "",
    ]
)

NADAC_HEADER = (
    "NDC Description,NDC,NADAC Per Unit,Effective Date,Pricing Unit,Pharmacy Type Indicator,OTC,Explanation Code,"
    "Classification for Rate Setting,Corresponding Generic Drug NADAC Per Unit,"
    "Corresponding Generic Drug Effective Date,As of Date"
)
NADAC = "\n".join(
    [
        NADAC_HEADER,
        "ATORVASTATIN 40 MG TABLET,00093505698,0.04410,10/21/2026,EA,C/I,N,1,G,,,11/18/2026",
        "ATORVASTATIN 40 MG TABLET,00093505698,0.04520,09/23/2026,EA,C/I,N,1,G,,,10/14/2026",
        '"24H NASAL ALLERGY, 55 MCG SPRAY",46122038576,0.72316,2026-10-21,ML,C/I,Y,"1, 5",G,,,2026-11-18',
        "LISINOPRIL 10 MG TABLET,00093111301,0.01210,10/21/2026,EA,C/I,N,1,G,0.01210,10/21/2026,11/18/2026",
        "",
    ]
)

"""Every setting of a run: geo-target.toml, read and checked; paths are relative to it."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from geo_target.errors import ConfigError, Fault
from geo_target.resources import use_profiles

CodeSystem = Literal["kemendagri", "bps"]
#: Text that somebody has filled in.
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
#: Name of a table or view, with its schema or without.
TABLE = re.compile(r'(?:[A-Za-z_]\w*|"[^"\0]+")(?:\.(?:[A-Za-z_]\w*|"[^"\0]+"))?')

#: What a list in a database may be called: it stands where names of files stand.
_LIST_NAME = re.compile(r"\w(?:[\w.\- ]{0,78}\w)?")
#: A NIK or KK, or what a password comes with: the manifest keeps queries and names.
_UNFIT = re.compile(r"(?:\d[ .\-]?){15}\d|://|passw(?:or)?d\s*=", re.IGNORECASE)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Area(_Section):
    """The area of the run."""

    code: Annotated[str, Field(pattern=r"^\d{2}(\.\d{2}){0,2}$")]
    """Kemendagri code with dots: province, regency/city or district."""
    synthetic: bool = False
    """True in a demo only: points may then be located on a schematic layer."""


class Boundaries(_Section):
    """The layer of village boundaries."""

    file: Path | None = None
    """GeoJSON, GeoPackage or zipped Shapefile; none means the schematic layer we ship."""
    code_column: str | None = None
    """Column of the village code; none means that a lookup finds it."""
    code_system: CodeSystem | None = None
    """Whose codes they are; none means that a lookup over the whole file proves it."""
    faults: Literal["refuse", "repair"] = "refuse"
    """What to do with gaps and overlaps between villages."""


class Places(_Section):
    """What people decided about names of villages."""

    aliases: Path | None = None
    """The filled-in exact/village_suggestions.csv of an earlier run."""


class Registry(_Section):
    """How registers become families."""

    base: str = "p3ke-family"
    """Profile of the register whose rows are the families."""


class Profiles(_Section):
    """Layouts of lists that the user adds, see docs/profiles.md."""

    folder: Path = Path("profiles")
    """Its TOML files count besides ours; nothing is there by default."""


class Guard(_Section):
    """From when on a run waits until somebody accepts what has changed in its lists."""

    quarantined_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    """Quarantined rows of a list, at most."""
    fewer_share: Annotated[float, Field(ge=0, le=1)] = 0.10
    """Accepted rows of a source fewer than at its last import, at most."""
    fewer_in_district_share: Annotated[float, Field(ge=0, le=1)] = 0.25
    """The same in a district."""
    smallest: Annotated[int, Field(ge=1)] = 50
    """Lists and districts of fewer rows are not guarded: a share of few says nothing."""


class Basis(_Section):
    """The paper that a list was given on: without one nobody is named (see papers.py)."""

    number: Words
    """As the paper has it."""
    agency: Words
    """Who gave the list."""
    kind: Literal["PKS", "MoU", "NDA", "SK", "surat"]
    purpose: Words
    """What the list may be used for."""
    valid_until: date
    """The last day on which it may be."""


def _untelling(text: str) -> str:
    if _UNFIT.search(text):
        raise PydanticCustomError(
            "telling", "neither a password nor the number of a person may stand here"
        )
    return text


def _file_of_url(path: Path) -> Path:
    text = path.as_posix()  # of an address one slash is left; a drive of Windows has one too
    if ":/" in text[2:] or _UNFIT.search(text):
        raise PydanticCustomError(
            "address", "this is the address itself; write it into a file and name the file here"
        )
    return path


class Database(_Section):
    """The PostgreSQL (PostGIS) database in which lists lie."""

    url_file: Annotated[Path, AfterValidator(_file_of_url)]
    """A file that only the service's own account can read, with postgresql://... in it."""


class Source(_Section):
    """One list of an agency: a file, or a table or query of the database."""

    file: Path | None = None
    query: Annotated[Words, AfterValidator(_untelling)] | None = None
    """Name of a table or view, or one SELECT."""
    name: Annotated[Words, AfterValidator(_untelling)] | None = None
    """What messages and the manifest call a query; none means the name of its table."""
    profile: str
    as_of: date
    """The day the list stood."""
    code_system: CodeSystem | None = None
    program: str | None = None
    """Program of every row, for lists that do not name it."""
    sheet: str | None = None
    """Sheet of the workbook; none means its only visible one."""
    basis: Basis | None = None
    """Needed to name families; a list without persons needs none."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.file is None) == (self.query is None):
            raise PydanticCustomError("file_or_query", "one of file and query, not both")
        if self.file is not None and self.name is not None:
            raise PydanticCustomError("name_of_file", "name goes with query")
        if self.query is not None and self.sheet is not None:
            raise PydanticCustomError("sheet_of_query", "sheet goes with file")
        if self.query is not None and not _LIST_NAME.fullmatch(self.called):
            raise PydanticCustomError(
                "query_name", "this query needs a name, of letters, digits, dots and dashes"
            )
        return self

    @property
    def called(self) -> str:
        """Name of the file or of the query, as messages have it."""
        if self.file is not None:
            return self.file.name
        table = TABLE.fullmatch(self.query or "")
        return self.name or (table.group().replace('"', "") if table else "")


class Coverage(_Section):
    """The definition of 'covered'."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")] = "utama"
    """What it is called beside others."""
    title: Words | None = None
    """What it is called on pages; none means its programs."""
    programs: Annotated[tuple[str, ...], Field(min_length=1)]
    on: date
    """Enrollments valid on this day count."""
    member_counts_for_family: bool = True
    """One member's enrollment in a program for persons counts for the family."""


class Definition(_Section):
    """A further definition of 'covered', to be held against that of the run."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")]
    title: Words | None = None
    programs: Annotated[tuple[str, ...], Field(min_length=1)]
    on: date | None = None
    """None means the day of the run."""
    member_counts_for_family: bool = True


class Welfare(_Section):
    """The rule that says who is extremely poor, and who poor (docs/welfare.md)."""

    rule: Literal["listed", "decile", "income", "spending", "signs"] = "listed"
    max_decile: Annotated[int, Field(ge=1, le=10)] | None = None
    """Up to this decile a family is extremely poor."""
    poor_max_decile: Annotated[int, Field(ge=1, le=10)] | None = None
    """Up to this one it is poor; none means that the rule has no such class."""
    threshold: str | None = None
    """Code of a line in geodata/thresholds.toml: below it a family is extremely poor."""
    poor_threshold: str | None = None
    """Below this one it is poor; none means that the rule has no such class."""
    basis: Literal["per-family", "per-capita"] | None = None
    least_signs: Annotated[int, Field(ge=1, le=8)] | None = None
    """With so many signs of the decree a family is poor; the region decides it."""
    extreme_signs: Annotated[int, Field(ge=1, le=8)] | None = None
    """With so many it is extremely poor; the region decides this too."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = {
            "decile": ("max_decile",),
            "income": ("threshold", "basis"),
            "spending": ("threshold", "basis"),
            "signs": ("least_signs", "extreme_signs"),
        }.get(self.rule, ())
        if any(getattr(self, name) is None for name in needed):
            raise ValueError(f'rule = "{self.rule}" needs {" and ".join(needed)}')
        if (self.poor_max_decile or 10) < (self.max_decile or 0):
            raise ValueError("poor_max_decile is less than max_decile: extreme poor are poor too")
        if (self.extreme_signs or 8) < (self.least_signs or 0):
            raise ValueError("extreme_signs is less than least_signs: extreme poor are poor too")
        return self


class Clusters(_Section):
    """When uncovered families form a cluster."""

    distance_m: Annotated[float, Field(gt=0)] = 200
    """Families this near belong together."""
    smallest: Annotated[int, Field(ge=2)] = 8
    """Fewest uncovered families of a cluster of points."""
    smallest_rw: Annotated[int, Field(ge=1)] = 5
    """Fewest uncovered families of a cluster of an RW."""
    smallest_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Smallest uncovered share among the compared families of the same place."""
    located_share: Annotated[float, Field(ge=0, le=1)] = 0.8
    """A village forms clusters of points when this share of its uncovered, and of its covered,
    has a point."""
    false_discovery_rate: Annotated[float, Field(gt=0, le=1)] = 0.05
    """Of the places with an excess over the expected share, so many may be chance; 1 asks for
    none."""
    excess_over: Literal["area", "rest"] = "rest"
    """The expected share: the area's own, or that of its families outside places with an
    excess."""
    smallest_unmatched_share: Annotated[float, Field(ge=0, le=1)] = 0.25
    """Smallest share of families that could not be compared, in a cluster of such."""
    split_load: Annotated[int, Field(ge=1)] = 40
    """A cluster is visited in parts of at most so many families, each in one district."""
    split_radius_m: Annotated[float, Field(gt=0)] | None = None
    """Farthest that a family may be from the middle of its part; none means any."""
    barriers: Path | None = None
    """Layer of lines or areas that nobody crosses on foot (rivers, toll roads)."""


class Evidence(_Section):
    """When what is known of a family is out of date."""

    stale_after_days: Annotated[int, Field(ge=1)] = 365
    """A record or completed visit older than this is stale."""
    stale_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """A village is stale when more than this share of its extreme-poor families is."""


class Figures(_Section):
    """What others have published, to be held against our counts (docs/figures.md)."""

    file: Path | None = None
    """CSV of the user's own published figures; they count besides ours."""


class Priority(_Section):
    """By what villages are put in order (docs/priority.md)."""

    file: Path | None = None
    """TOML of the user's own indicators and weights, in place of geodata/priority.toml."""
    official_list: Path | None = None
    """CSV or TOML of a decree (SK) that names villages, held against the order."""
    overrides: Path | None = None
    """CSV or TOML of places that people have set, each with a reason and a name."""
    classes: Literal["share", "breaks"] = "share"
    """Class I holds 80 % of the uncovered families, or natural breaks of the score."""
    draws: Annotated[int, Field(ge=100, le=100_000)] = 1_000
    """By how many draws it is told how sure a rank is."""
    first: Annotated[int, Field(ge=1)] = 10
    """In how many of them a village is among the first so many."""
    families_per_day: Annotated[int, Field(ge=1)] | None = None
    """How many a team visits; with it orders are compared in days of a team too."""

    @property
    def files(self) -> dict[str, Path]:
        """Files that are named, by setting."""
        named = {"file": self.file, "official_list": self.official_list,
                 "overrides": self.overrides}  # fmt: skip
        return {name: file for name, file in named.items() if file is not None}


class Travel(_Section):
    """How people get to facilities, and which count (docs/access.md)."""

    speed_km_per_hour: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 20
    """By motorcycle, where no layer of roads says otherwise."""
    detour_factor: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 1.3
    """A way is so many times as long as the straight line, without a layer of roads."""
    walking_km_per_hour: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 4.5
    """Between a place and the road."""
    limit_minutes: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 30
    """Villages farther away than this are listed."""
    near_km: Annotated[float, Field(ge=0, le=200)] = 20
    """A facility so near the area serves it too; one farther away is a fault."""
    roads: Path | None = None
    """Layer of lines, with speed_km_per_hour if it has it; none means straight lines."""


class BaseMap(_Section):
    """What lies beneath the villages of a map."""

    base: Path | None = None
    """MBTiles of rasters, see README; none means no base map."""


class Archive(_Section):
    """Where snapshots lie."""

    folder: Path = Path("archive")
    memory_limit: str | None = None
    """Memory of a run's tables, such as "2GB"; what does not fit is spilled to the folder."""
    cache: bool = True
    """Keep lists as they were read, so that the next run need not read an unchanged file."""


class Retention(_Section):
    """How long persons are kept, in days; `geo-target purge` holds to it."""

    exact_days: Annotated[int, Field(ge=0)] = 30
    """Exact tables of runs. Those of the current run, and of the last run of the quarter
    before its own, are kept however old they are."""
    quarantine_days: Annotated[int, Field(ge=0)] = 30
    """The quarantine of every run but the current one."""
    sources_days: Annotated[int, Field(ge=0)] = 30
    """Agencies' lists, from the day the file was written; deleted only when asked for."""
    closed_rows_days: Annotated[int, Field(ge=0)] = 730
    """Ids of rows of registers that no list has any more, so that who comes back is known."""
    sessions_days: Annotated[int, Field(ge=0)] = 1
    """Sessions that have ended."""
    login_attempts_days: Annotated[int, Field(ge=1)] = 1
    """Wrong passwords; fewer days would let guessing begin anew."""
    visits_days: Annotated[int, Field(ge=0)] = 90
    """Visits of closed plans and what they found, once all of it was exported for a run."""


class Fieldwork(_Section):
    """On what terms visits are planned."""

    not_again_days: Annotated[int, Field(ge=0)] = 90
    """Days within which nobody is visited twice."""
    returns_after_days: Annotated[int, Field(ge=0)] = 7
    """Days after which a visit that met nobody is made again, at the earliest."""
    visit_minutes: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 30
    rupiah_per_officer_day: Annotated[int, Field(ge=0)] | None = None
    """Transport of an officer and day; unset, no plan tells a sum."""


class Access(_Section):
    """Who may look."""

    open_on_loopback: bool = False
    """Demo and one laptop: this machine's own browser acts as audience `meeting`."""
    hosts: tuple[str, ...] = ()
    """Names by which browsers call the service, besides those of this machine."""
    behind_proxy: bool = False
    """A proxy on this machine ends HTTPS, and says who asks by X-Forwarded headers."""
    persons_per_hour: Annotated[int, Field(ge=1)] = 300
    """How many persons an account may look up by name in an hour."""
    reveal_numbers: bool = False
    """Keep the NIK of extreme-poor family heads, encrypted, for the reveal of one at a time."""


def is_safe_url(url: str) -> bool:
    """Whether nobody on the way can read or change what is asked there: https, or this machine."""
    parts = urlsplit(url)
    is_inside = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_inside)
    )


def _issuer(url: str) -> str:
    parts = urlsplit(url)
    if not is_safe_url(url) or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("the address of the issuer, with https:// and without ? or #")
    return url


class Oidc(_Section):
    """Sign-in at an OpenID Connect issuer; accounts, roles and districts stay in our database."""

    issuer: Annotated[Words, AfterValidator(_issuer)]
    """As the issuer's discovery document writes it, to the last slash."""
    client_id: Words
    client_secret_file: Path
    """A file that only the service's own account can read; the secret stands nowhere else."""
    claim: Words = "preferred_username"
    """Claim of the ID token that is the account's name; nobody may be able to choose their own."""
    domain: Words | None = None
    """The claim reads NAME@domain, and NAME is the account's name; needed for `email`."""
    required_claim: Words | None = None
    """Claim that must hold `required_value`, such as "amr" for "mfa"."""
    required_value: Words | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.claim == "email" and self.domain is None:
            raise ValueError('claim = "email" needs domain')
        if (self.required_claim is None) != (self.required_value is None):
            raise ValueError("required_claim and required_value go together")
        return self


class Settings(_Section):
    """All of geo-target.toml."""

    area: Area
    boundaries: Boundaries = Boundaries()
    places: Places = Places()
    registry: Registry = Registry()
    database: Database | None = None
    source: Annotated[tuple[Source, ...], Field(min_length=1)]
    coverage: Coverage
    definition: tuple[Definition, ...] = ()
    welfare: Welfare = Welfare()
    clusters: Clusters = Clusters()
    evidence: Evidence = Evidence()
    figures: Figures = Figures()
    priority: Priority = Priority()
    travel: Travel = Travel()
    map: BaseMap = BaseMap()
    archive: Archive = Archive()
    profiles: Profiles = Profiles()
    guard: Guard = Guard()
    retention: Retention = Retention()
    fieldwork: Fieldwork = Fieldwork()
    access: Access = Access()
    oidc: Oidc | None = None

    @property
    def definitions(self) -> dict[str, Coverage]:
        """Every definition by name, that of the run first."""
        others = {
            one.name: Coverage(**{**one.model_dump(), "on": one.on or self.coverage.on})
            for one in self.definition
        }
        return {self.coverage.name: self.coverage, **others}

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if len(self.definitions) <= len(self.definition):
            raise PydanticCustomError(
                "definition_twice", "each [[definition]] needs a name that no other has"
            )
        return self

    @model_validator(mode="after")
    def _complete(self) -> Self:
        queries = [source.called for source in self.source if source.query is not None]
        if queries and self.database is None:
            raise PydanticCustomError(
                "no_database", "a source with a query needs [database] url_file"
            )
        files = [source.file for source in self.source]
        files += [self.boundaries.file, self.places.aliases]
        # The manifest keeps a sum for each name.
        if len(set(queries)) < len(queries) or {f.name for f in files if f} & set(queries):
            raise PydanticCustomError(
                "name_twice", "each query needs a name of its own, and none that a file has"
            )
        return self


def read_settings(config: Path) -> Settings:
    """Read geo-target.toml; every path in the result is absolute.

    Raises
    ------
    ConfigError
        If the file is missing or is no TOML, or a setting is missing, unknown or wrong:
        every fault at once, each with its place in the file.
    """
    try:
        raw = tomllib.loads(config.read_text(encoding="utf-8-sig"))
        settings = Settings.model_validate(raw)
    except OSError:
        raise ConfigError(
            Fault(
                "E-CONFIG-FILE",
                id="berkas tidak ditemukan atau tidak dapat dibaca; periksa letak dan namanya",
                en="the file is missing or cannot be read; check its place and name",
                file=str(config),
            )
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(_syntax_fault(config, error)) from None
    except ValidationError as error:
        raise ConfigError(*(_setting_fault(config, e) for e in error.errors())) from None
    absolute = _absolute(settings, config.resolve().parent)
    use_profiles(absolute.profiles.folder)
    return absolute


def _absolute(settings: Settings, folder: Path) -> Settings:
    boundaries = settings.boundaries
    if boundaries.file is not None:
        boundaries = boundaries.model_copy(update={"file": folder / boundaries.file})
    places = settings.places
    if places.aliases is not None:
        places = places.model_copy(update={"aliases": folder / places.aliases})
    sources = tuple(
        source.model_copy(update={"file": folder / source.file}) if source.file else source
        for source in settings.source
    )
    database = settings.database
    if database is not None:
        database = database.model_copy(update={"url_file": folder / database.url_file})
    figures = settings.figures
    if figures.file is not None:
        figures = figures.model_copy(update={"file": folder / figures.file})
    priority = settings.priority
    own_files = {name: folder / file for name, file in priority.files.items()}
    priority = priority.model_copy(update=own_files)
    travel = settings.travel
    if travel.roads is not None:
        travel = travel.model_copy(update={"roads": folder / travel.roads})
    below = settings.map
    if below.base is not None:
        below = below.model_copy(update={"base": folder / below.base})
    clusters = settings.clusters
    if clusters.barriers is not None:
        clusters = clusters.model_copy(update={"barriers": folder / clusters.barriers})
    archive = settings.archive.model_copy(update={"folder": folder / settings.archive.folder})
    own = settings.profiles.model_copy(update={"folder": folder / settings.profiles.folder})
    oidc = settings.oidc
    if oidc is not None:
        secret = {"client_secret_file": folder / oidc.client_secret_file}
        oidc = oidc.model_copy(update=secret)
    return settings.model_copy(
        update={
            "boundaries": boundaries,
            "places": places,
            "database": database,
            "source": sources,
            "figures": figures,
            "clusters": clusters,
            "priority": priority,
            "travel": travel,
            "map": below,
            "archive": archive,
            "profiles": own,
            "oidc": oidc,
        }
    )


def _syntax_fault(config: Path, error: Exception) -> Fault:
    if "\\" in config.read_bytes().decode("utf-8", "replace"):
        return Fault(
            "E-CONFIG-BACKSLASH",
            id="garis miring terbalik (\\) di dalam tanda kutip ganda punya arti khusus; tulis "
            "letak berkas dengan garis miring biasa (D:/data/p3ke.xlsx) atau kutip tunggal",
            en="a backslash inside double quotes has a special meaning; write paths with "
            "slashes (D:/data/p3ke.xlsx) or in single quotes",
            file=config.name,
        )
    return Fault(
        "E-CONFIG-TOML",
        id=f"bukan TOML yang sah: {error}",
        en=f"not valid TOML: {error}",
        file=config.name,
    )


#: pydantic's kinds of error, in Indonesian.
_WORDS = {
    "missing": "belum diisi",
    "string_too_short": "belum diisi",
    "string_type": "bukan teks; tulis dalam tanda kutip",
    "date_from_datetime_parsing": "bukan tanggal; tulis seperti 2026-12-31, tanpa tanda kutip",
    "date_type": "bukan tanggal; tulis seperti 2026-12-31, tanpa tanda kutip",
    "extra_forbidden": "tidak dikenal; periksa ejaannya",
    "literal_error": "bukan salah satu pilihan",
    "string_pattern_mismatch": "bentuknya salah",
    "file_or_query": "isi salah satu: file atau query",
    "name_of_file": "name hanya untuk query",
    "sheet_of_query": "sheet hanya untuk file",
    "query_name": "beri nama kueri ini: name = huruf, angka, titik, tanda hubung",
    "name_twice": "tiap kueri perlu name sendiri, yang bukan nama berkas",
    "no_database": "sumber dengan query perlu [database] url_file",
    "telling": "sandi dan nomor orang tidak boleh tertulis di sini",
    "address": "tulis nama berkas yang berisi alamat basis data, bukan alamatnya",
}


def _setting_fault(config: Path, error: Any) -> Fault:
    place = ".".join(str(part) for part in error["loc"])
    words = _WORDS.get(error["type"], "tidak dapat dipakai")
    return Fault(
        "E-CONFIG-SETTING",
        id=f"{words} ({error['msg']})",
        en=error["msg"],
        file=config.name,
        column=place,
    )

"""One contract a table: its columns, types, units, keys and allowed values.

A table that leaves a room is held against its schema with `check`; docs/snapshot.md lists
the files of a snapshot. Columns are never renamed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo_target.errors import ContractError, Fault
from geo_target.workbench import Table


@dataclass(frozen=True)
class Column:
    """A column: DuckDB type, what it says, and what it may hold."""

    name: str
    type: str
    description: str
    unit: str = ""
    required: bool = False
    allowed: Sequence[str] = ()


@dataclass(frozen=True)
class Schema:
    """A table: what one row is, which columns name it, and the columns in order."""

    name: str
    row: str
    key: Sequence[str]
    columns: Sequence[Column]

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]


def check(table: Table, schema: Schema) -> Table:
    """Cast `table` to its schema's columns, in their order, and hold it to its rules.

    Columns that the schema does not name are dropped: nothing leaves a room by accident.

    Returns
    -------
    Table
        A view of `table`, which must not be dropped as long as it is asked.

    Raises
    ------
    ContractError
        If a column is missing, a needed value is null, a value is not allowed, or a key
        is repeated. Values are not printed: they may be a person's.
    """
    cast = fitted(table, schema)
    rules = list(_rules(schema))
    if rules:
        counts = ", ".join(f"count(*) filter ({condition})" for condition, _ in rules)
        (found,) = table.bench.execute(f"select {counts} from {cast.name}")
        for (_, what), count in zip(rules, found, strict=True):
            if count:
                raise broken(schema, what)
    keys = ", ".join(f'"{name}"' for name in schema.key)
    if keys and table.bench.execute(
        f"select 1 from {cast.name} group by {keys} having count(*) > 1 limit 1"
    ):
        raise broken(schema, key_is_repeated(schema))
    return cast


def fitted(table: Table, schema: Schema) -> Table:
    """A view of `table` with its schema's columns alone, cast and in their order.

    Raises
    ------
    ContractError
        If a column is missing.
    """
    there = set(table.columns)
    missing = [name for name in schema.names if name not in there]
    if missing:
        raise broken(schema, f"columns are missing: {', '.join(missing)}")
    selected = ", ".join(f'cast("{c.name}" as {c.type}) as "{c.name}"' for c in schema.columns)
    return table.bench.view(f"select {selected} from subject", subject=table)


def _rules(schema: Schema) -> Iterator[tuple[str, str]]:
    """What no row may meet, in SQL, and in words."""
    for column in schema.columns:
        if column.required:
            yield f'"{column.name}" is null', is_null(column)
        if column.allowed:
            allowed = ", ".join(f"'{value}'" for value in column.allowed)
            yield f'"{column.name}" not in ({allowed})', is_not_allowed(column)


def is_null(column: Column) -> str:
    """Words for a needed column that says nothing."""
    return f"{column.name} is null"


def is_not_allowed(column: Column) -> str:
    """Words for a column that says something else than it may."""
    return f"{column.name} holds what is not allowed"


def key_is_repeated(schema: Schema) -> str:
    """Words for two rows of one key."""
    return "the key ({}) is repeated".format(", ".join(f'"{name}"' for name in schema.key))


def broken(schema: Schema, what: str) -> ContractError:
    """The error of a table that breaks its schema: values are not printed."""
    words = f"tabel {schema.name}: {what}"
    return ContractError(
        Fault("E-CONTRACT", id=f"{words}; laporkan kepada pengembang", en=f"{words}; report it")
    )


TEXT, WHOLE, REAL, DAY, FLAG = "varchar", "bigint", "double", "date", "boolean"

COVERAGE_STATES = ("covered", "uncovered", "unmatched")
WELFARE_CLASSES = ("extreme_poor", "poor", "other", "unknown")
VISIT_RESULTS = (
    "complete", "dead", "moved", "merged", "duplicate", "refused", "not_found", "empty",
)  # fmt: skip
VISIT_VERDICTS = ("fit", "fit_with_intervention", "unfit")
#: Why a visit ends that a family counts as extreme poor.
ENDINGS = ("died", "moved", "duplicate", "merged", "better_off")

# ---------------------------------------------------------------- canonical lists (intake)

FAMILIES = Schema(
    "families",
    "a family as one register lists it",
    ("family_id",),
    (
        Column("family_id", TEXT, "the register's own id of the family", required=True),
        Column("family_card_number", TEXT, "nomor KK, 16 digits, usable"),
        Column("head_national_id", TEXT, "NIK of the family head, 16 digits, usable"),
        Column("head_name", TEXT, "name of the family head"),
        Column("head_birth_date", DAY, "birth date of the family head"),
        Column("address", TEXT, "where the family lives (domicile), as written"),
        Column("neighborhood", TEXT, "lingkungan, kampung or dusun where it lives"),
        Column("rt", TEXT, "rukun tetangga where it lives, 3 digits"),
        Column("rw", TEXT, "rukun warga where it lives, 3 digits"),
        Column("registered_address", TEXT, "address on the KTP, as written"),
        Column("registered_rt", TEXT, "rukun tetangga on the KTP, 3 digits"),
        Column("registered_rw", TEXT, "rukun warga on the KTP, 3 digits"),
        Column("registered_village_name", TEXT, "kelurahan/desa on the KTP, as written"),
        Column("regency_name", TEXT, "kabupaten/kota as written"),
        Column("district_name", TEXT, "kecamatan as written"),
        Column("village_name", TEXT, "kelurahan/desa as written"),
        Column("village_code", TEXT, "village code as written"),
        Column("lon", REAL, "longitude, WGS 84", unit="degree"),
        Column("lat", REAL, "latitude, WGS 84", unit="degree"),
        Column("decile", WHOLE, "welfare decile, 1 is the poorest"),
        Column("income_rupiah_per_month", REAL, "income of the family", unit="rupiah a month"),
        Column("spending_rupiah_per_month", REAL, "what it spends", unit="rupiah a month"),
        Column("members", WHOLE, "members of the family", unit="persons"),
        Column("roof", TEXT, "most of the roof, in the words of the source's own list of codes"),
        Column("wall", TEXT, "most of the walls, likewise"),
        Column("floor", TEXT, "most of the floor, likewise"),
        Column("lighting", TEXT, "main source of light, likewise"),
        Column("power", TEXT, "power of the electricity connection, likewise"),
        Column("closet", TEXT, "kind of toilet, likewise"),
        Column("sewage", TEXT, "where sewage ends, likewise"),
        Column("toilet", TEXT, "who uses the toilet, likewise"),
        Column("has_shelter", FLAG, "whether it has somewhere to live"),
        Column("head_works", FLAG, "whether the family head works"),
        Column("food_insecure", FLAG, "went without food, or feared to, in the last year"),
        Column("food_above_half", FLAG, "whether food is more than half of what it spends"),
        Column("bought_clothes", FLAG, "whether it bought clothes in the last year"),
        Column(
            "civil_registry",
            TEXT,
            "whether Dukcapil knows the head's NIK, as the list says",
            allowed=("matched", "unmatched", "missing"),
        ),
        Column(
            "flagged_programs",
            TEXT,
            "programs that the list's own flags name: PKH+SEMBAKO, empty if all say no; "
            "of the record's year, never coverage",
        ),
        Column("as_of", DAY, "the day the record stood; of a year alone its last day"),
    ),
)
PERSONS = Schema(
    "persons",
    "a person as one register lists it",
    (),
    (
        Column("person_id", TEXT, "the register's own id of the person"),
        Column("national_id", TEXT, "NIK, 16 digits, usable"),
        Column("family_id", TEXT, "the register's own id of the family"),
        Column("family_card_number", TEXT, "nomor KK, 16 digits, usable"),
        Column("name", TEXT, "name"),
        Column("birth_date", DAY, "birth date"),
        Column("sex", TEXT, "as written"),
        Column("relation", TEXT, "relation to the family head, as written"),
        Column("occupation", TEXT, "as written"),
        Column("disability", TEXT, "as written"),
    ),
)
ENROLLMENTS = Schema(
    "enrollments",
    "a recipient of a program as its list names them",
    (),
    (
        Column("program", TEXT, "program code of the catalogue"),
        Column("national_id", TEXT, "NIK, 16 digits, usable"),
        Column("family_card_number", TEXT, "nomor KK, 16 digits, usable"),
        Column("family_id", TEXT, "the base register's id of the family"),
        Column("name", TEXT, "name"),
        Column("regency_name", TEXT, "kabupaten/kota as written"),
        Column("district_name", TEXT, "kecamatan as written"),
        Column("village_name", TEXT, "kelurahan/desa as written"),
        Column("village_code", TEXT, "village code as written"),
        Column("valid_from", DAY, "first day that counts"),
        Column("valid_to", DAY, "last day that counts"),
        Column(
            "status",
            TEXT,
            "null where the list has none: who is on it is active",
            allowed=("active", "inactive", "unknown"),
        ),
        Column("amount_rupiah", REAL, "amount paid", unit="rupiah"),
    ),
)
POINTS = Schema(
    "points",
    "a measured place of a family",
    (),
    (
        Column("family_id", TEXT, "the base register's id of the family"),
        Column("lon", REAL, "longitude, WGS 84", unit="degree"),
        Column("lat", REAL, "latitude, WGS 84", unit="degree"),
        Column("accuracy_m", REAL, "accuracy that the device gave", unit="m"),
        Column("as_of", DAY, "the day it was measured"),
    ),
)
POPULATION = Schema(
    "population",
    "a village",
    (),
    (
        Column("village_code", TEXT, "village code as written"),
        Column("regency_name", TEXT, "kabupaten/kota as written"),
        Column("district_name", TEXT, "kecamatan as written"),
        Column("village_name", TEXT, "kelurahan/desa as written"),
        Column("population_persons", WHOLE, "all residents", unit="persons"),
        Column("population_families", WHOLE, "all families", unit="families"),
    ),
)
FACILITIES = Schema(
    "facilities",
    "a school, health post, office or other place that serves people",
    (),
    (
        Column("name", TEXT, "name", required=True),
        Column("kind", TEXT, "what it is, as written"),
        Column("address", TEXT, "address as written"),
        Column("regency_name", TEXT, "kabupaten/kota as written"),
        Column("district_name", TEXT, "kecamatan as written"),
        Column("village_name", TEXT, "kelurahan/desa as written"),
        Column("village_code", TEXT, "village code as written"),
        Column("lon", REAL, "longitude, WGS 84", unit="degree"),
        Column("lat", REAL, "latitude, WGS 84", unit="degree"),
        Column("as_of", DAY, "the day the record stood"),
    ),
)
NEIGHBORHOODS = Schema(
    "neighborhoods",
    "an RT of a village; whoever leads it is not read",
    (),
    (
        Column("village_code", TEXT, "village code as written"),
        Column("regency_name", TEXT, "kabupaten/kota as written"),
        Column("district_name", TEXT, "kecamatan as written"),
        Column("village_name", TEXT, "kelurahan/desa as written"),
        Column("address", TEXT, "name of the SLS as BPS writes it: RT, RW, lingkungan"),
        Column("neighborhood", TEXT, "lingkungan or kampung"),
        Column("rw", TEXT, "rukun warga, 3 digits"),
        Column("rt", TEXT, "rukun tetangga, 3 digits"),
        Column("families", WHOLE, "all families of the RT", unit="families"),
    ),
)
DECISIONS = Schema(
    "decisions",
    "what somebody has decided of two rows of registers",
    (),
    (
        Column("register", TEXT, "register of the one family"),
        Column("register_family_id", TEXT, "its id there"),
        Column("other_register", TEXT, "register of the other one; may be the same"),
        Column("other_register_family_id", TEXT, "its id there"),
        Column("verdict", TEXT, "whether they are one family", allowed=("same", "different")),
        Column("fingerprint", TEXT, "keyed sum of what both said when it was decided"),
        Column("decided_by", TEXT, "account of who decided"),
        Column("decided_on", DAY, "day of the decision"),
        Column("note", TEXT, "what the decision rests on"),
    ),
)
VISITS = Schema(
    "visits",
    "a visit to a family",
    (),
    (
        Column("family_id", TEXT, "the base register's id of the family"),
        Column("visited_on", DAY, "the day of the visit"),
        Column("result", TEXT, "what was met; dead is a family of which nobody lives",
               allowed=VISIT_RESULTS),
        Column("verdict", TEXT, "whether the family is fit for aid", allowed=VISIT_VERDICTS),
        Column("visit_code", TEXT, "what paper and forms name the visit by"),
        Column("programs", TEXT, "codes of the programs that it receives, parted by spaces; empty "
               "if it was asked and receives none; null if it was not asked"),
        Column("lon", REAL, "longitude of the home, WGS 84", unit="degree"),
        Column("lat", REAL, "latitude of the home, WGS 84", unit="degree"),
        Column("accuracy_m", REAL, "accuracy that the device gave", unit="m"),
        Column("head_name", TEXT, "corrected name of the family head"),
        Column("address", TEXT, "corrected address"),
        Column("neighborhood", TEXT, "corrected lingkungan, kampung or dusun"),
        Column("rt", TEXT, "corrected rukun tetangga, 3 digits"),
        Column("rw", TEXT, "corrected rukun warga, 3 digits"),
        Column("members", WHOLE, "corrected members of the family", unit="persons"),
        Column("head_national_id", TEXT, "corrected NIK of the head, 16 digits, usable"),
        Column("family_card_number", TEXT, "corrected nomor KK, 16 digits, usable"),
        Column("same_as", TEXT, "the base register's id of the family that it is, or is part of"),
        Column("submitted_at", TEXT, "when the answer came in, ISO 8601"),
    ),
)  # fmt: skip
ROLES = {
    "families": FAMILIES,
    "persons": PERSONS,
    "enrollments": ENROLLMENTS,
    "points": POINTS,
    "population": POPULATION,
    "facilities": FACILITIES,
    "neighborhoods": NEIGHBORHOODS,
    "decisions": DECISIONS,
    "visits": VISITS,
}

# ---------------------------------------------------------------- snapshot, exact/

SNAPSHOT_FAMILIES = Schema(
    "exact/families",
    "a family",
    ("family_id",),
    (
        Column("family_id", TEXT, "id of the family in this archive", required=True),
        Column("village_code", TEXT, "village that it is counted in (Kemendagri, dots)"),
        Column("stated_village_code", TEXT, "village that its record states"),
        Column("point_village_code", TEXT, "village that its point lies in"),
        Column(
            "village_basis", TEXT, "what the stated village rests on",
            required=True, allowed=("code", "triple", "none"),
        ),
        Column(
            "location_status", TEXT, "whether it has a point, and inside the area",
            required=True, allowed=("located", "unlocated", "outside"),
        ),
        Column(
            "location_level", TEXT, "the finest thing known of its place", required=True,
            allowed=("visit", "list", "rt", "rw", "village", "unknown"),
        ),
        Column(
            "location_distance_m", REAL,
            "from its point to the stated village where the two disagree", unit="m",
        ),
        Column("rt", TEXT, "rukun tetangga of the address, 3 digits"),
        Column("rw", TEXT, "rukun warga of the address, 3 digits"),
        Column("neighborhood", TEXT, "lingkungan, kampung or dusun of the address"),
        Column("lon", REAL, "longitude, WGS 84", unit="degree"),
        Column("lat", REAL, "latitude, WGS 84", unit="degree"),
        Column(
            "welfare_class", TEXT, "by the rule of the run",
            required=True, allowed=WELFARE_CLASSES,
        ),
        Column(
            "coverage_state", TEXT, "by the definition of the run",
            required=True, allowed=COVERAGE_STATES,
        ),
        Column("ended_by", TEXT, "what a visit found, after which it is no extreme poor of the "
               "area; null of all others", allowed=ENDINGS),
        Column("is_state_by_visit", FLAG, "its coverage state rests on what it said at the door, "
               "not on lists", required=True),
        Column("corrected_on", DAY, "day of the newest visit whose NIK or KK replaced the list's"),
        Column("reason", TEXT, "why it is uncovered, of extreme-poor families"),
        Column("reason_office", TEXT, "who can change it"),
        Column("strategies", TEXT, "of Inpres 4/2022 that reach it: 1+2; empty is none",
               required=True),
        Column("programs", WHOLE, "that it is enrolled in on the day", "programs", required=True),
        Column("evidence_on", DAY, "the newest day of what is known of it", required=True),
        Column("is_verified", FLAG, "a visit was completed of late", required=True),
        Column("cluster_id", TEXT, "cluster that it belongs to, of uncovered or of unmatched"),
        Column("cluster_part", WHOLE, "part of the cluster of uncovered, from 1"),
    ),
)  # fmt: skip
SNAPSHOT_VILLAGES = Schema(
    "exact/villages",
    "a village of the area",
    ("village_code",),
    (
        Column("village_code", TEXT, "Kemendagri code with dots", required=True),
        Column("bps_village_code", TEXT, "BPS code, 10 digits"),
        Column("village_name", TEXT, "kelurahan/desa", required=True),
        Column("district_code", TEXT, "Kemendagri code with dots", required=True),
        Column("district_name", TEXT, "kecamatan", required=True),
        Column("regency_code", TEXT, "Kemendagri code with dots", required=True),
        Column("regency_name", TEXT, "kabupaten/kota", required=True),
        Column("families", WHOLE, "all families of the registers", "families", required=True),
        Column("extreme_poor_families", WHOLE, "by the welfare rule", "families", required=True),
        Column("covered_families", WHOLE, "extreme poor, covered", "families", required=True),
        Column("uncovered_families", WHOLE, "extreme poor, uncovered", "families", required=True),
        Column("unmatched_families", WHOLE, "extreme poor, unmatched", "families", required=True),
        Column("matched_share", REAL, "(covered + uncovered) / extreme poor", "share"),
        Column("exclusion_error", REAL, "uncovered / (covered + uncovered)", "share"),
        Column("smoothed_exclusion_error", REAL, "the same, empirical Bayes", "share"),
        Column("located_families", WHOLE, "extreme poor with a point", "families", required=True),
        Column("located_uncovered_families", WHOLE, "uncovered extreme poor with a point",
               "families", required=True),
        Column("population_persons", WHOLE, "residents, from the population list", "persons"),
        Column("population_families", WHOLE, "families, from the population list", "families"),
        Column("uncovered_per_km2", REAL, "uncovered by the area of the village", "families/km2"),
        Column("uncovered_per_1000_families", REAL, "uncovered by all families; which are counted "
               "says the summary", "families"),
        Column("exclusion_error_low", REAL, "the least of the smoothed one, 95 %", "share"),
        Column("exclusion_error_high", REAL, "the most", "share"),
        Column("spatial_exclusion_error", REAL, "empirical Bayes, of the village and its neighbors",
               "share"),
        Column("spatial_exclusion_error_low", REAL, "the least that it may be, 95 %", "share"),
        Column("spatial_exclusion_error_high", REAL, "the most", "share"),
        Column("hot_spot", TEXT, "Gi* of the smoothed rate: hot or cold; empty is neither",
               allowed=("hot", "cold", "")),
        Column("hot_spot_p", REAL, "how rare that is by chance, two-sided", "probability"),
        Column("local_moran", TEXT, "the village, then its neighbors; empty is not significant",
               allowed=("high-high", "low-low", "high-low", "low-high", "")),
        Column("local_moran_p", REAL, "how rare that is by chance, two-sided", "probability"),
        Column("priority_score", REAL, "sum of the weighted indicators", "0 to 1"),
        Column("priority_rank", WHOLE, "1 is visited first, equals share one; null is not ranked"),
        Column("priority_class", TEXT, "I: the fewest that hold 80 % of the uncovered, II up "
               "to 95 %; or natural breaks of the score",
               allowed=("I", "II", "III")),
        Column("quadrant", TEXT, "burden and coverage", allowed=(
            "many_low", "many_high", "few_low", "few_high")),
        Column("first_share", REAL, "of the draws in which it is among the first so many (settings "
               "draws and first)", "share"),
        Column("rank_low", WHOLE, "its rank is at least that in nine draws of ten"),
        Column("rank_high", WHOLE, "and at most that"),
        Column("final_rank", WHOLE, "priority_rank, after places that people have set"),
        Column("is_locked", FLAG, "somebody has set its place", required=True),
        Column("override_reason", TEXT, "why"),
        Column("override_by", TEXT, "who, by name"),
        Column("override_on", DAY, "when"),
        Column("access_minutes", REAL, "no place of the village is farther from the nearest "
               "puskesmas", "minutes"),
    ),
)  # fmt: skip
SNAPSHOT_FACILITIES = Schema(
    "exact/facilities",
    "a facility of a list",
    ("list", "row"),
    (
        Column("list", WHOLE, "place among the sources of the configuration, from 1",
               required=True),
        Column("row", WHOLE, "row of its file", required=True),
        Column("type", TEXT, "a code of geodata/facility_types.toml, or the kind as written"),
        Column("lon", REAL, "longitude, WGS 84", unit="degree"),
        Column("lat", REAL, "latitude, WGS 84", unit="degree"),
        Column("village_code", TEXT, "village that it stands in; null outside the area"),
        Column("is_usable", FLAG, "distances are measured to it", required=True),
        Column("faults", "varchar[]", "codes, see docs/codes.md; empty is none"),
    ),
)  # fmt: skip
SNAPSHOT_ACCESS = Schema(
    "exact/access",
    "a village and a type of facility",
    ("village_code", "type"),
    (
        Column("village_code", TEXT, "Kemendagri code with dots", required=True),
        Column("type", TEXT, "type of the nearest facility", required=True),
        Column("located_families", WHOLE, "extreme poor with a point", "families", required=True),
        Column("reached_families", WHOLE, "of these, with a way by road", "families",
               required=True),
        Column("mean_m", REAL, "of the located families, straight line", "m"),
        Column("p90_m", REAL, "nine tenths of them live as near", "m"),
        Column("mean_minutes", REAL, "of the reached families", "minutes"),
        Column("p90_minutes", REAL, "nine tenths of them live as near", "minutes"),
        Column("least_m", REAL, "no place of the village is nearer", "m"),
        Column("most_m", REAL, "none is farther", "m"),
        Column("least_minutes", REAL, "no place of the village is nearer", "minutes"),
        Column("most_minutes", REAL, "none is farther; null where some may have no way",
               "minutes"),
        Column("beyond", TEXT, "whether its places are beyond the limit of the run: all, perhaps "
               "some, none", allowed=("beyond", "maybe", "within")),
    ),
)  # fmt: skip
SNAPSHOT_CLUSTERS = Schema(
    "exact/clusters",
    "a cluster of uncovered extreme-poor families",
    ("cluster_id",),
    (
        Column("cluster_id", TEXT, "id of the cluster", required=True),
        Column("kind", TEXT, "of points, or of an RW", required=True, allowed=("points", "rw")),
        Column("name", TEXT, "name to show", required=True),
        Column("uncovered_families", WHOLE, "uncovered extreme poor", "families", required=True),
        Column("compared_families", WHOLE, "covered + uncovered extreme poor of the same place",
               "families", required=True),
        Column("located_families", WHOLE, "of the uncovered, with a point", "families",
               required=True),
        Column("village_codes", "varchar[]", "villages of its families, most first"),
        Column("radius_m", REAL, "from the middle to the farthest family", "m"),
        Column("expected_families", REAL, "uncovered among the compared, were their share the "
               "expected one", "families"),
        Column("p_value", REAL, "chance of so many or more, one-sided binomial", "probability"),
        Column("q_value", REAL, "false discovery rate at which it is found, of all places tried",
               "share"),
        Column("readable_share", REAL, "of an RW: of the compared families of its village, those "
               "with a readable RW or lingkungan", "share"),
        Column("located_share", REAL, "of the uncovered, those with a point", "share"),
        Column("median_age_days", REAL, "of the newest evidence of its families", "days"),
    ),
)  # fmt: skip
SNAPSHOT_UNMATCHED_CLUSTERS = Schema(
    "exact/unmatched_clusters",
    "a cluster of extreme-poor families that could not be compared",
    ("cluster_id",),
    (
        Column("cluster_id", TEXT, "id of the cluster", required=True),
        Column("kind", TEXT, "of points, or of an RW", required=True, allowed=("points", "rw")),
        Column("name", TEXT, "name to show", required=True),
        Column("unmatched_families", WHOLE, "unmatched extreme poor", "families", required=True),
        Column("extreme_poor_families", WHOLE, "all extreme poor of the same place", "families",
               required=True),
        Column("located_families", WHOLE, "of the unmatched, with a point", "families",
               required=True),
        Column("village_codes", "varchar[]", "villages of its families, most first"),
        Column("radius_m", REAL, "from the middle to the farthest family", "m"),
        Column("expected_families", REAL, "unmatched among all, were their share the expected one",
               "families"),
        Column("p_value", REAL, "as of clusters of uncovered families", "probability"),
        Column("q_value", REAL, "likewise", "share"),
        Column("readable_share", REAL, "likewise", "share"),
    ),
)  # fmt: skip
SNAPSHOT_SCATTERED = Schema(
    "exact/scattered",
    "a village with uncovered extreme-poor families",
    ("village_code",),
    (
        Column("village_code", TEXT, "village", required=True),
        Column("uncovered_families", WHOLE, "uncovered extreme poor", "families", required=True),
        Column("clustered_families", WHOLE, "of them in a cluster", "families", required=True),
        Column("scattered_families", WHOLE, "the others", "families", required=True),
        Column("scattered_located", WHOLE, "of these, with a point", "families", required=True),
        Column("scattered_by_address", WHOLE, "without, with a readable RW or lingkungan",
               "families", required=True),
        Column("scattered_unreadable", WHOLE, "with neither", "families", required=True),
    ),
)  # fmt: skip
SNAPSHOT_SENSITIVITY = Schema(
    "exact/cluster_sensitivity",
    "a distance and a smallest count that clusters of points could be asked for",
    ("distance_m", "smallest"),
    (
        Column("distance_m", REAL, "families this near belong together", "m", required=True),
        Column("smallest", WHOLE, "fewest families of a cluster", "families", required=True),
        Column("clusters", WHOLE, "of points", "clusters", required=True),
        Column("uncovered_families", WHOLE, "in them", "families", required=True),
        Column("is_rule", FLAG, "the pair of this run", required=True),
    ),
)  # fmt: skip
PROGRAM_STATES = (
    "covered", "covered_undecided", "enrolled_not_eligible", "uncovered", "unmatched",
    "enrolled_not_counted",
)  # fmt: skip
SNAPSHOT_COVERAGE = Schema(
    "exact/coverage",
    "a family and a program that it is enrolled in, or may get by its rule",
    ("family_id", "program"),
    (
        Column("family_id", TEXT, "id of the family", required=True),
        Column("program", TEXT, "program code", required=True),
        Column("state", TEXT, "see targeting/program_states.py; enrolled_not_counted: not on the "
               "day of the run", required=True, allowed=PROGRAM_STATES),
        Column("valid_from", DAY, "first day that counts"),
        Column("valid_to", DAY, "last day that counts"),
        Column("matched_by", TEXT, "the key that joined them; null where not enrolled",
               allowed=("nik", "kk", "family_id", "name", "visit")),
    ),
)  # fmt: skip
SNAPSHOT_FAMILY_STATES = Schema(
    "exact/family_states",
    "a family and a named definition of 'covered'",
    ("family_id", "definition"),
    (
        Column("family_id", TEXT, "id of the family", required=True),
        Column("definition", TEXT, "its name in the configuration", required=True),
        Column("coverage_state", TEXT, "by it", required=True, allowed=COVERAGE_STATES),
    ),
)
SNAPSHOT_DOUBLE_AID = Schema(
    "exact/double_aid",
    "a family that one list pays twice or more for a program in the same period",
    (),
    (
        Column("family_id", TEXT, "id of the family", required=True),
        Column("program", TEXT, "program code", required=True),
        Column("valid_from", DAY, "first day that counts"),
        Column("valid_to", DAY, "last day that counts"),
        Column("enrollments", WHOLE, "rows of the list", "enrollments", required=True),
    ),
)
SNAPSHOT_PERSON_COVERAGE = Schema(
    "exact/person_coverage",
    "a person and a program that they are enrolled in, or may get by its rule",
    (),
    (
        Column("person_id", TEXT, "id of the person", required=True),
        Column("family_id", TEXT, "id of the family", required=True),
        Column("program", TEXT, "program code", required=True),
        Column("state", TEXT, "see targeting/program_states.py; enrolled_not_counted: not on the "
               "day of the run", required=True, allowed=PROGRAM_STATES),
        Column("valid_from", DAY, "first day that counts"),
        Column("valid_to", DAY, "last day that counts"),
        Column("matched_by", TEXT, "the key that joined them; null where not enrolled",
               allowed=("nik", "name")),
    ),
)  # fmt: skip
FAMILY_KEYS = Schema(
    "exact/family_keys",
    "a family of a register, and the family that it is in this archive",
    ("register", "register_family_id"),
    (
        Column("register", TEXT, "register", required=True),
        Column("register_family_id", TEXT, "id of the family in it", required=True),
        Column("family_id", TEXT, "id of the family in this archive", required=True),
        Column("matched_by", TEXT, "what has joined the row to the family; null of its first row",
               allowed=("nik", "kk", "name", "twin", "decision")),
        Column("is_listed", FLAG, "a list of this run has the row; else it is closed: an earlier "
               "run's had it", required=True),
        Column("first_seen", TEXT, "run that saw the row first", required=True),
        Column("last_seen", TEXT, "run that saw the row last", required=True),
        Column("fingerprint", TEXT, "keyed sum of who it is and where it lives"),
        Column("number_key", TEXT, "keyed sum of its NIK or KK where the register gave no id"),
    ),
)  # fmt: skip
SNAPSHOT_PAIRS = Schema(
    "exact/pairs",
    "two rows of registers that may be one family, or are by their names or a person's word",
    ("register", "register_family_id", "other_register", "other_register_family_id"),
    (
        Column("register", TEXT, "register of the one row", required=True),
        Column("register_family_id", TEXT, "id of the family in it", required=True),
        Column("other_register", TEXT, "register of the other row", required=True),
        Column("other_register_family_id", TEXT, "id of the family in it", required=True),
        Column("family_id", TEXT, "id in this archive of the one family", required=True),
        Column("other_family_id", TEXT, "id in this archive of the other", required=True),
        Column("state", TEXT, "what the run makes of it", required=True,
               allowed=("matched", "doubtful", "unmatched")),
        Column("weight", REAL, "how likely they are one, null by a number", "bits"),
        Column("probability", REAL, "the same"),
        Column("reason", TEXT, "why, in words", required=True),
        Column("matched_by", TEXT, "what brought them together", required=True,
               allowed=("nik", "kk", "name", "twin", "decision")),
        Column("fingerprint", TEXT, "keyed sum of what both rows say", required=True),
        Column("is_reopened", FLAG, "somebody decided it when they said something else",
               required=True),
    ),
)  # fmt: skip
SNAPSHOT_PAIR_SIDES = Schema(
    "exact/pair_sides",
    "a row of a register that is in a doubtful pair, read only where the pair is settled",
    ("register", "register_family_id"),
    (
        Column("register", TEXT, "register", required=True),
        Column("register_family_id", TEXT, "id of the family in it", required=True),
        Column("village_code", TEXT, "village that it states (Kemendagri, dots)"),
        Column("head_name", TEXT, "name of the family head"),
        Column("birth_date", DAY, "birth date of the head"),
        Column("sex", TEXT, "of the head, as written"),
        Column("national_id_masked", TEXT, "NIK of the head, last four digits"),
        Column("family_card_number_masked", TEXT, "nomor KK, last four digits"),
        Column("address", TEXT, "address as written"),
        Column("neighborhood", TEXT, "lingkungan, kampung or dusun"),
        Column("rt", TEXT, "rukun tetangga, 3 digits"),
        Column("rw", TEXT, "rukun warga, 3 digits"),
        Column("members", WHOLE, "members of the family", "persons"),
        Column("has_national_id", FLAG, "the head's NIK is usable", required=True),
    ),
)  # fmt: skip
SNAPSHOT_CHANGES = Schema(
    "exact/changes",
    "a family that is uncovered extreme poor in this run or in the one before, not in both",
    ("family_id",),
    (
        Column("family_id", TEXT, "id of the family, the same in both runs", required=True),
        Column("is_gain", FLAG, "it is in this run, and was not before", required=True),
        Column("cause", TEXT, "why, see publishing/changes.py", required=True,
               allowed=("new", "gone", "re_matched", "re_classified", "re_placed", "covered",
                        "lost")),
    ),
)  # fmt: skip
SNAPSHOT_WATERFALL = Schema(
    "exact/waterfall",
    "a family that the run before called possibly untouched or this one uncovered, not both",
    ("family_id",),
    (
        Column("family_id", TEXT, "id of the family, the same in both runs", required=True),
        Column("is_gain", FLAG, "it is uncovered now, and was not possibly untouched",
               required=True),
        Column("cause", TEXT, "why, see publishing/waterfall.py", required=True,
               allowed=("covered", "lost", "visit_covered", *ENDINGS, "new", "gone", "re_matched",
                        "re_classified", "re_placed", "unmatched")),
        Column("is_real", FLAG, "aid began or ended; else what is known has changed",
               required=True),
    ),
)  # fmt: skip
SNAPSHOT_OVERLAPS = Schema(
    "exact/overlaps",
    "a combination of registers, of all families or of a village",
    ("village_code", "registers"),
    (
        Column("village_code", TEXT, "village; null is all families, unplaced ones too"),
        Column("registers", TEXT, "registers that list them, and no other: dtks+p3ke",
               required=True),
        Column("families", WHOLE, "families that these list", "families", required=True),
    ),
)  # fmt: skip
SNAPSHOT_MATCH_RATES = Schema(
    "exact/match_rates",
    "a recipient list and a village",
    ("list", "village_code"),
    (
        Column("list", WHOLE, "place among the sources of the configuration, from 1",
               required=True),
        Column("file", TEXT, "the source, as sources in the manifest name it", required=True),
        Column("profile", TEXT, "its layout", required=True),
        Column("agency", TEXT, "who gave it, by its paper"),
        Column("village_code", TEXT, "as the rows state it; null where that is no village"),
        Column("enrollments", WHOLE, "usable rows, of a list of flags one a program",
               "enrollments", required=True),
        Column("nik_enrollments", WHOLE, "a family has the NIK", "enrollments", required=True),
        Column("kk_enrollments", WHOLE, "else, a family has the nomor KK", "enrollments",
               required=True),
        Column("family_id_enrollments", WHOLE, "else, a family has the id", "enrollments",
               required=True),
        Column("name_enrollments", WHOLE, "else, by likelihood one person has the name there",
               "enrollments", required=True),
        Column("unlinked_enrollments", WHOLE, "no family of any register", "enrollments",
               required=True),
    ),
)  # fmt: skip
IDENTITIES = Schema(
    "exact/identities",
    "a family or a person, read only by by-name views and field sheets",
    (),
    (
        Column("family_id", TEXT, "id of the family", required=True),
        Column("person_id", TEXT, "id of the person; null in the row of the family"),
        Column("name", TEXT, "name"),
        Column("address", TEXT, "address as written"),
        Column("national_id_masked", TEXT, "NIK, last four digits"),
        Column("family_card_number_masked", TEXT, "nomor KK, last four digits"),
        Column("national_id_key", TEXT, "HMAC-SHA256 of the NIK under the archive's key"),
    ),
)
CIVIL_REGISTRY = Schema(
    "repair list",
    "a person whose NIK or KK number the civil registry is asked for; part of no snapshot",
    (),
    (
        Column("register", TEXT, "register that lists the person", required=True),
        Column("home", TEXT, "its id of the family; null where it is unknown"),
        Column("is_head", FLAG, "whether the person heads the family", required=True),
        Column("name", TEXT, "name"),
        Column("birth_date", DAY, "birth date"),
        Column("sex", TEXT, "as written"),
        Column("relation", TEXT, "relation to the family head, as written"),
        Column("nik", TEXT, "NIK as written, several where lists differ"),
        Column("kk", TEXT, "nomor KK as written, several where lists differ"),
        Column("nik_faults", "varchar[]", "codes of what is wrong with the NIK"),
        Column("kk_faults", "varchar[]", "codes of what is wrong with the KK number"),
        Column("address", TEXT, "where the family lives, or the address on the KTP"),
        Column("rt", TEXT, "rukun tetangga, 3 digits"),
        Column("rw", TEXT, "rukun warga, 3 digits"),
        Column("village_code", TEXT, "village that the record states"),
        Column("district_name", TEXT, "kecamatan; as written where the village is unknown"),
        Column("village_name", TEXT, "kelurahan/desa, likewise"),
        Column("lists", "bigint[]", "places of the lists among the sources, from 1"),
        Column("rows", "bigint[]", "faulty rows of these lists, one each"),
    ),
)

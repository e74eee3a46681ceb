"""Pairs of rows for those who settle them: what a run leaves in exact/ for one page."""

from geo_target.intake.identity import masked
from geo_target.registry.decisions import PAIR
from geo_target.registry.reviews import Review
from geo_target.workbench import Table, query


def pair_table(review: Review, records: Table) -> Table:
    """Columns of schemas.SNAPSHOT_PAIRS; `records` has the ids that rows have in the archive."""
    return query(
        f"""select pairs.*, one.family_id, other.family_id as other_family_id
            from pairs join records one using (register, register_family_id)
                join records other on other.register = other_register
                    and other.register_family_id = other_register_family_id
            where one.is_listed and other.is_listed
            order by {", ".join(PAIR)}""",
        pairs=review.pairs, records=records,
    )  # fmt: skip


def side_table(review: Review, *, allowed: bool) -> Table:
    """Columns of schemas.SNAPSHOT_PAIR_SIDES; no rows where nobody may be named."""
    return query(
        f"""select * exclude (head_national_id, family_card_number),
                stated_village_code as village_code,
                {masked("head_national_id")} as national_id_masked,
                {masked("family_card_number")} as family_card_number_masked,
                head_national_id is not null as has_national_id
            from sides where {allowed} order by register, register_family_id""",
        sides=review.sides,
    )

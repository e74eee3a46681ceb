"""Persons as a register lists them: the family that each is of, and who may be its head."""

from geo_target.workbench import Table, filled, kept, query

#: Relations that are surely no head's, in words or codes of SHDK. Any other word may be the
#: head's: unless the head's NIK is known, such a person's NIK alone proves no miss.
MEMBER_WORDS = (
    r"^(istri|isteri|suami|anak|menantu|cucu|orang\s*tua|mertua|famili|saudara|kakak|adik|"
    r"keponakan|pembantu|lain|wife|husband|child|spouse|[2-9]$|1[0-9]$)"
)


def heads_alone(families: Table, words: str) -> Table:
    """The heads of a list of families that has no list of persons."""
    born = "head_birth_date" if "head_birth_date" in families.columns else "null"
    return families.bench.view(
        f"""select family_id as register_family_id, cast(null as varchar) as person_id,
            head_national_id as national_id, head_name as name, true as is_head,
            true as is_called_head, cast({born} as date) as birth_date,
            cast(null as varchar) as sex, cast(null as {words}) as relation,
            cast(null as {words}) as occupation, cast(null as {words}) as disability,
            row as place, false as is_listed
            from families""",
        families=families,
    )


def persons_of(families: Table, persons: Table, listed: Table, words: str) -> Table:
    """Persons with the id of their family in the register, by its id or its KK number.

    A card that several families have is nobody's; of one listed twice it is the first row's.
    """
    columns = filled(persons)
    place = [f"persons.{c} * {n}" for c, n in (("part", 2**32), ("row", 1)) if c in columns]
    told = [
        f"{f'persons.{c}' if c in columns else 'null'}::{kind} as {c}"
        for c, kind in (
            ("person_id", "varchar"), ("national_id", "varchar"), ("name", "varchar"),
            ("birth_date", "date"), ("sex", "varchar"), ("relation", words),
            ("occupation", words), ("disability", words),
        )
    ]  # fmt: skip
    relation = "persons.relation" if "relation" in columns else "null::varchar"
    has_ids = "family_id" in columns
    by_card = not has_ids or len(
        query("select 1 from persons anti join families using (family_id)",
              persons=persons, families=families)
    )  # fmt: skip
    found = [each for each, is_needed in (("by_id", has_ids), ("by_card", by_card)) if is_needed]
    head = ", ".join(f"{each}.head_national_id" for each in found)
    joins = {
        "by_id": "left join families by_id on by_id.family_id = persons.family_id",
        "by_card": f"""left join (
                select family_card_number, arg_min(families.family_id, row) as family_id,
                    arg_min(head_national_id, row) as head_national_id
                from families join listed on register_family_id = families.family_id
                where family_card_number is not null
                group by 1 having count(distinct listed.family_id) = 1
            ) by_card on {"by_id.family_id is null and" if has_ids else ""}
                persons.family_card_number = by_card.family_card_number""",
    }
    register_family_id = ", ".join(f"{each}.family_id" for each in found)
    known = persons.bench.view(
        f"""select coalesce({register_family_id}) as register_family_id, {", ".join(told)},
                {" + ".join(place) or 0} as place, true as is_listed,
                coalesce({relation} ilike 'kepala%', false) as is_called_head,
                case when is_called_head then true
                    when regexp_matches(lower({relation}), '{MEMBER_WORDS}') then false
                    else coalesce(persons.national_id = coalesce({head}), true) end as is_head
            from persons {" ".join(joins[each] for each in found)}""",
        persons=persons, families=families, listed=listed,
    )  # fmt: skip
    return kept(
        known,
        {*columns, "register_family_id", "place", "is_listed", "is_called_head", "is_head"},
    )

"""Doubtful pairs of families, one at a time: somebody says whether they are one family."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from geo_target.errors import Fault
from geo_target.operations.refusals import SettlementError
from geo_target.operations.roles import Verb
from geo_target.operations.settlements import (
    LONGEST_NOTE,
    Pair,
    Question,
    Settlement,
    Verdict,
    pair_id,
    settled,
)
from geo_target.operations.visibility import visible
from geo_target.publishing.review import FILES, DoubtfulPair, compared, doubtful_pairs
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.language import language
from geo_target.web.names import names_of, subjects_of, tell
from geo_target.web.pages import store
from geo_target.web.store import Served
from geo_target.web.wording import register_word

bp = Blueprint("pairs", __name__)

_NUMBER = re.compile(r"0|[1-9][0-9]{0,6}")
_FIELDS = ("name", "birth_date", "sex", "address", "national_id_masked",
           "family_card_number_masked", "members")  # fmt: skip


@dataclass(frozen=True)
class Review:
    """The doubtful pairs of a run that somebody may see, and what was said of them.

    Pairs have numbers from 1, the same for everybody until the next run.
    """

    served: Served
    pairs: Sequence[DoubtfulPair]
    standing: Mapping[Pair, Settlement]

    def settled(self, number: int) -> Settlement | None:
        """What stands of a pair; None while it is open, and of a pair that is not there."""
        if not 1 <= number <= len(self.pairs):
            return None
        was_decided = self.pairs[number - 1].was_decided
        return settled(self.standing, self.question(number), was_decided=was_decided)

    def contradicted(self, number: int) -> Settlement | None:
        """What was said of an open pair before, and contradicts what was said of others."""
        return settled(self.standing, self.question(number))

    def open_numbers(self) -> list[int]:
        """Numbers of the pairs that nobody has settled."""
        return [n for n in range(1, len(self.pairs) + 1) if self.settled(n) is None]

    def question(self, number: int) -> Question:
        """A pair as it is asked about."""
        pair = self.pairs[number - 1]
        key = visitors.doors().key
        run_id = self.served.snapshot.run_id
        return Question(pair.key, pair_id(pair.key, key), pair.fingerprint, run_id)

    def number_of(self, asked: str, fingerprint: str) -> int | None:
        """Number of the pair that a form is about; None if its data are others by now."""
        key = visitors.doors().key
        numbered = enumerate(self.pairs, start=1)
        return next((number for number, pair in numbered
                     if pair.fingerprint == fingerprint and pair_id(pair.key, key) == asked),
                    None)  # fmt: skip


@bp.get("/pasangan")
@shows(Access.PAIRS)
def show() -> Response:
    """The first open pair after the one that the address names."""
    after = request.args.get("sesudah", "0")
    if not _NUMBER.fullmatch(after):
        abort(404)
    return _page(_review(), after=int(after))


@bp.post("/pasangan")
@shows(Access.PAIRS)
def decide() -> Response | BaseResponse:
    """Keep what somebody says of a pair, and go on to the next one."""
    review, form = _review(), request.form
    if form.get("verdict") not in {Verdict.SAME, Verdict.DIFFERENT}:
        abort(400)
    number = review.number_of(form.get("pair", ""), form.get("fingerprint", ""))
    if number is None:
        return _page(review, fault=_CHANGED, status=409)
    note = " ".join(form.get("note", "").split())
    verdict = Verdict(form["verdict"])
    try:
        settlements = visitors.doors().settlements
        settlements.decide(review.question(number), verdict, by=visitors.actor(), note=note)
    except SettlementError as error:
        fault = error.faults[0]
        if fault.code != "E-PAIR-SETTLED":  # of that the next page tells
            return _page(review, after=number - 1, fault=fault, status=422)
    return redirect(url_for("pairs.show", sesudah=number), code=303)


@bp.post("/pasangan/batalkan")
@shows(Access.PAIRS)
def withdraw() -> Response | BaseResponse:
    """Take back what was said of a pair, and show it again."""
    review, form = _review(), request.form
    number = review.number_of(form.get("pair", ""), form.get("fingerprint", ""))
    decision = form.get("decision", "")
    if number is None or not _NUMBER.fullmatch(decision):
        return _page(review, fault=_CHANGED, status=409)
    try:
        settlements = visitors.doors().settlements
        settlements.withdraw(review.question(number), int(decision), by=visitors.actor())
    except SettlementError as error:
        return _page(review, fault=error.faults[0], status=409)
    return redirect(url_for("pairs.show", sesudah=number - 1), code=303)


def _review() -> Review:
    served, theirs = store().current(), visible(visitors.user(), Verb.SETTLE_PAIRS)
    exact = names_of(served.snapshot, more=FILES)
    has_pairs = set(FILES) <= set(served.snapshot.manifest["files"])
    found = doubtful_pairs(exact) if has_pairs else []
    pairs = [
        pair for pair in found
        if all(theirs.holds((code or "").rpartition(".")[0]) for code in pair.village_codes)
    ]  # fmt: skip
    return Review(served, pairs, visitors.doors().settlements.standing())


def _page(
    review: Review, *, after: int = 0, fault: Fault | None = None, status: int = 200
) -> Response:
    """The first open pair after a number, or that there is none any more."""
    still_open = review.open_numbers()
    number = next((each for each in still_open if each > after), None)
    pair = review.pairs[number - 1] if number else None
    if number and pair:
        asked = review.question(number)
        tell(
            Verb.READ_NAMES, object_type="pair", object_id=asked.pair_id, fields=_FIELDS,
            subjects=[s for family_id in pair.family_ids for s in subjects_of(family_id, None)],
            persons=2, run_id=asked.run_id,
        )  # fmt: skip
    snapshot, last = review.served.snapshot, review.settled(after)
    page = render_template(
        "pairs/show.html",
        snapshot=snapshot,
        summary=snapshot.summary,
        degraded=review.served.degraded,
        pair=pair,
        number=number,
        all=len(review.pairs),
        left=len(still_open),
        question=review.question(number) if number else None,
        rows=compared(pair) if pair else (),
        registers=_registers(pair) if pair else (),
        contradicted=review.contradicted(number) if number else None,
        villages={code: village["village_name"] for code, village in snapshot.villages.items()},
        after=after,
        last=last,
        last_question=review.question(after) if last else None,
        fault=_words(fault) if fault else None,
        longest=LONGEST_NOTE,
        user=visitors.user(),
        opened=visitors.doors().clock(),
    )
    return make_response(page, status)


def _registers(pair: DoubtfulPair) -> tuple[str, str]:
    one, other = (register_word(side.register) for side in (pair.one, pair.other))
    return (f"{one} (1)", f"{other} (2)") if one == other else (one, other)


def _words(fault: Fault) -> str:
    words = fault.id if language() == "id" else fault.en
    return f"{words[:1].upper()}{words[1:]}."


_CHANGED = Fault(
    "E-PAIR-CHANGED",
    id="data pasangan ini sudah berubah, atau tidak meragukan lagi, sejak ditampilkan; keputusan "
    "tidak disimpan, lihat lagi pasangannya",
    en="the data of this pair have changed since it was shown, or it is not doubtful any more; "
    "nothing was saved, look at the pair again",
)

"""Doubtful pairs of families, one at a time: somebody says whether they are one family."""

import re

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
from geo_target.operations.settlements import LONGEST_NOTE, Settlement, Verdict, pair_id
from geo_target.publishing.review import DoubtfulPair, compared
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.language import language
from geo_target.web.names import subjects_of, tell
from geo_target.web.reviews import Review, current_review
from geo_target.web.wording import register_word

bp = Blueprint("pairs", __name__)

ON_A_PAGE = 25
_NUMBER = re.compile(r"0|[1-9][0-9]{0,6}")
_FIELDS = ("name", "birth_date", "sex", "address", "national_id_masked",
           "family_card_number_masked", "members")  # fmt: skip


@bp.get("/pasangan")
@shows(Access.PAIRS)
def show() -> Response:
    """The first open pair after the one that the address names."""
    after = request.args.get("sesudah", "0")
    if not _NUMBER.fullmatch(after):
        abort(404)
    return _page(current_review(), after=int(after))


@bp.post("/pasangan")
@shows(Access.PAIRS)
def decide() -> Response | BaseResponse:
    """Keep what somebody says of a pair, and go on to the next one."""
    review, form = current_review(), request.form
    if form.get("verdict") not in {Verdict.SAME, Verdict.DIFFERENT}:
        abort(400)
    number = review.number_of(form.get("pair", ""), form.get("fingerprint", ""))
    if number is None:
        return _page(review, fault=_CHANGED, status=409)
    note = form.get("note", "")
    verdict = Verdict(form["verdict"])
    try:
        settlements = visitors.doors().settlements
        settlements.decide(review.question(number), verdict, by=visitors.actor(), note=note)
    except SettlementError as error:
        fault = error.faults[0]
        if fault.code != "E-PAIR-SETTLED":  # of that the next page tells
            return _page(review, after=number - 1, fault=fault, status=422)
    return redirect(url_for("pairs.show", sesudah=number), code=303)


@bp.get("/pasangan/keputusan")
@shows(Access.PAIRS)
def decisions() -> Response:
    """What stands of pairs, of this run or not, the newest first: 25 a page."""
    asked = request.args.get("halaman", "1")
    if not _NUMBER.fullmatch(asked):
        abort(404)
    return _list(current_review(), asked=int(asked))


@bp.post("/pasangan/batalkan")
@shows(Access.PAIRS)
def withdraw() -> Response | BaseResponse:
    """Take back what was said of a pair, and show it again, or the list it was chosen from."""
    review, form = current_review(), request.form
    number, listed = form.get("decision", ""), form.get("listed", "")
    if not _NUMBER.fullmatch(number) or (listed and not _NUMBER.fullmatch(listed)):
        abort(400)
    made = review.decision(form.get("pair", ""), int(number))
    fault: Fault | None = _GONE
    if made:
        try:
            asked = made.question(visitors.doors().key)
            visitors.doors().settlements.withdraw(asked, made.number, by=visitors.actor())
            fault = None
        except SettlementError as error:
            fault = error.faults[0]
    if fault and listed:
        return _list(review, asked=int(listed), fault=fault, status=409)
    if fault or not made:
        return _page(review, fault=fault, status=409)
    numbers = (at for at, pair in enumerate(review.pairs, start=1) if pair.key == made.pair)
    at = next(numbers, None)
    if listed or at is None:
        return redirect(url_for("pairs.decisions", halaman=listed or 1, batal=1), code=303)
    return redirect(url_for("pairs.show", sesudah=at - 1), code=303)


def _page(
    review: Review, *, after: int = 0, fault: Fault | None = None, status: int = 200
) -> Response:
    """The first open pair after a number, or that there is none any more."""
    still_open = review.open_numbers()
    number = next((each for each in still_open if each > after), None)
    pair = review.pairs[number - 1] if number else None
    asked = review.question(number) if number else None
    if asked and pair:
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
        question=asked,
        rows=compared(pair) if pair else (),
        registers=_registers(pair) if pair else (),
        contradicted=review.contradicted(number) if number else None,
        villages={code: village["village_name"] for code, village in snapshot.villages.items()},
        after=after,
        last=last,
        last_question=review.question(after) if last else None,
        decisions=len(review.standing),
        fault=_words(fault) if fault else None,
        longest=LONGEST_NOTE,
        user=visitors.user(),
        opened=visitors.doors().clock(),
    )
    return make_response(page, status)


def _list(
    review: Review, *, asked: int = 1, fault: Fault | None = None, status: int = 200
) -> Response:
    """A page of what stands; behind the last one, and before the first, the nearest."""
    made, snapshot = review.newest(), review.served.snapshot
    pages = max(1, -(-len(made) // ON_A_PAGE))
    number = min(max(asked, 1), pages)
    shown = made[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    sides = review.sides(shown)
    named = {end: side.head_name for end, (side, _) in sides.items() if side.head_name}
    if named:
        tell(
            Verb.READ_NAMES, object_type="pair", object_id="decisions", fields=("name",),
            subjects=[s for end in named for s in subjects_of(sides[end][1], None)],
            persons=len(named), run_id=snapshot.run_id,
        )  # fmt: skip
    page = render_template(
        "pairs/decisions.html",
        snapshot=snapshot,
        summary=snapshot.summary,
        degraded=review.served.degraded,
        rows=[(each, *_told(each, named)) for each in shown],
        all=len(made),
        first=(number - 1) * ON_A_PAGE + 1,
        number=number,
        pages=pages,
        is_withdrawn="batal" in request.args,
        fault=_words(fault) if fault else None,
        user=visitors.user(),
        opened=visitors.doors().clock(),
    )
    return make_response(page, status)


def _told(
    made: Settlement, named: dict[tuple[str, str], str]
) -> tuple[str, list[tuple[str, str | None]]]:
    """Keyed id of a pair, and the register and name of both sides; ids of registers stay away."""
    ends = (made.pair[:2], made.pair[2:])
    sides = [(register_word(end[0]), named.get(end)) for end in ends]
    return pair_id(made.pair, visitors.doors().key), sides


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
_GONE = Fault(
    "E-DECISION-NONE",
    id="keputusan ini tidak berlaku lagi: sudah dibatalkan, atau pasangannya diputuskan lagi; "
    "lihat daftar keputusan",
    en="this decision does not stand any more: it was withdrawn, or the pair was settled anew; "
    "look at the list of decisions",
)

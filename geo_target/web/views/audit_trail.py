"""The audit log on a page: who opened names, and the newest entries."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, render_template, request

from geo_target.operations.audit_reading import Question
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.audit_words import object_words, role_words, verb_words
from geo_target.web.field_scope import officer_by_key, officer_key

bp = Blueprint("audit_trail", __name__)

ON_A_PAGE = 50
#: Days that one may look back, by the word of the address.
DAYS = (1, 7, 30, 365)
_USUAL = 7
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@bp.get("/jejak")
@shows(Access.AUDIT)
def show() -> str:
    """Entries of some days, newest first, 50 a page; looking at them is an entry too."""
    log = visitors.doors().audit
    days = next((day for day in DAYS if str(day) == request.args.get("hari", "")), _USUAL)
    since = visitors.doors().clock() - timedelta(days=days)
    readers = log.readers(since)
    question = _asked(since, [*(one.actor for one in readers), *_accounts()])
    entries = log.newest(question, most=ON_A_PAGE + 1, by=visitors.actor())
    return render_template(
        "audit/show.html",
        days=days,
        choices=DAYS,
        question=question,
        entries=entries[:ON_A_PAGE],
        older=entries[ON_A_PAGE - 1]["seq"] if len(entries) > ON_A_PAGE else None,
        readers=[(officer_key(one.actor), one) for one in readers],
        account=request.args.get("akun", "") if question.actor else None,
        only=request.args.get("hanya") if question.names_only or question.refused_only else None,
        head=log.head(),
        verbs=verb_words(),
        objects=object_words(),
        roles=role_words(),
        opened=visitors.doors().clock(),
    )


def _accounts() -> list[str]:
    return [user.name for user in visitors.doors().accounts.users()]


def _asked(since: datetime, known: Sequence[str]) -> Question:
    """What the address asks for; words that are none of ours are left out."""
    asked = request.args
    before = asked.get("sebelum", "")
    return Question(
        since=since,
        actor=officer_by_key(asked.get("akun", ""), known) or "",
        names_only=asked.get("hanya") == "nama",
        refused_only=asked.get("hanya") == "ditolak",
        before=int(before) if _NUMBER.fullmatch(before) else None,
    )

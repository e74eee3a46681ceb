"""One person proposes, a second one approves; each step is in the log of its transaction."""

import pytest

from geo_target.operations.audit import Actor, AuditLog
from geo_target.operations.database import Database
from geo_target.operations.publications import Publications
from geo_target.operations.refusals import PublicationError, StorageError
from tests.operations.world import ROOT, Clock

RUN, OTHER_RUN = "000001-20251001T020000Z", "000002-20251001T020000Z"
ANI = Actor(name="ani", role="analyst")
BUDI = Actor(name="budi", role="approver")
CITRA = Actor(name="citra", role="viewer")


@pytest.fixture
def publications(database: Database, clock: Clock) -> Publications:
    return Publications(database, clock=clock)


def steps(audit: AuditLog) -> list[tuple[str, str, str]]:
    entries = audit.entries(by=ROOT)
    return [(e["actor"], e["verb"], e["result"]) for e in entries if e["object_id"] == RUN]


def waiting(publications: Publications) -> list[str]:
    return [made.run_id for made in publications.all() if made.approved_at is None]


def test_the_way_to_the_public(publications: Publications, audit: AuditLog, clock: Clock) -> None:
    publications.propose(RUN, by=ANI)
    assert waiting(publications) == [RUN]
    clock.move(hours=1)
    approved = publications.approve(RUN, by=BUDI)
    assert (approved.proposed_by, approved.approved_by) == ("ani", "budi")
    assert approved.approved_at is not None
    assert approved.approved_at > approved.proposed_at
    assert publications.all() == [approved]
    publications.withdraw(RUN, by=BUDI)
    assert steps(audit) == [
        ("ani", "snapshot.propose", "ok"),
        ("budi", "snapshot.publish", "ok"),
        ("budi", "snapshot.withdraw", "ok"),
    ]


def test_whoever_proposed_may_not_approve(publications: Publications, audit: AuditLog) -> None:
    publications.propose(RUN, by=ANI)
    promoted = Actor(name="ani", role="approver")
    with pytest.raises(PublicationError, match="E-PUBLISH-SAME"):
        publications.approve(RUN, by=promoted)
    assert steps(audit)[-1] == ("ani", "snapshot.publish", "denied")
    assert waiting(publications) == [RUN]


def test_what_nobody_proposed_is_not_approved(publications: Publications) -> None:
    publications.propose(RUN, by=ANI)
    with pytest.raises(PublicationError, match="E-PUBLISH-UNPROPOSED"):
        publications.approve(OTHER_RUN, by=BUDI)


def test_a_proposal_is_approved_once_and_may_be_made_again(publications: Publications) -> None:
    publications.propose(RUN, by=ANI)
    with pytest.raises(PublicationError, match="E-PUBLISH-WAITS"):
        publications.propose(RUN, by=ANI)
    publications.approve(RUN, by=BUDI)
    with pytest.raises(PublicationError, match="E-PUBLISH-UNPROPOSED"):
        publications.approve(RUN, by=BUDI)
    publications.propose(RUN, by=ANI)
    assert len(publications.all()) == 2


@pytest.mark.parametrize("step", ["propose", "approve", "withdraw"])
def test_other_roles_may_do_none_of_it(
    publications: Publications, audit: AuditLog, step: str
) -> None:
    with pytest.raises(PublicationError, match="E-PUBLISH-ROLE"):
        getattr(publications, step)(RUN, by=CITRA)
    with pytest.raises(PublicationError, match="E-PUBLISH-ROLE"):
        getattr(publications, step)(RUN, by=BUDI if step == "propose" else ANI)
    assert [(actor, result) for actor, _, result in steps(audit)] == [
        ("citra", "denied"), ("budi" if step == "propose" else "ani", "denied"),
    ]  # fmt: skip


def test_a_step_that_cannot_be_logged_is_not_taken(
    publications: Publications, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageError

    publications.propose(RUN, by=ANI)
    monkeypatch.setattr(AuditLog, "write", refuse)
    with pytest.raises(StorageError):
        publications.propose(OTHER_RUN, by=ANI)
    with pytest.raises(StorageError):
        publications.approve(RUN, by=BUDI)
    assert waiting(publications) == [RUN]


def test_a_proposal_is_taken_back_by_whoever_made_it_or_an_approver(
    publications: Publications, audit: AuditLog
) -> None:
    for taker in (ANI, BUDI):
        publications.propose(RUN, by=ANI)
        publications.take_back(RUN, by=taker)
        assert publications.all() == []
        assert steps(audit)[-1] == (taker.name, "snapshot.take-back", "ok")
        with pytest.raises(PublicationError, match="E-PUBLISH-UNPROPOSED"):
            publications.take_back(RUN, by=taker)


def test_nobody_else_takes_a_proposal_back(publications: Publications, audit: AuditLog) -> None:
    publications.propose(RUN, by=ANI)
    with pytest.raises(PublicationError, match="E-PUBLISH-OTHERS"):
        publications.take_back(RUN, by=Actor(name="dewi", role="analyst"))
    assert steps(audit)[-1] == ("dewi", "snapshot.take-back", "denied")
    with pytest.raises(PublicationError, match="E-PUBLISH-ROLE"):
        publications.take_back(RUN, by=CITRA)
    assert waiting(publications) == [RUN]


def test_what_was_approved_is_not_taken_back(publications: Publications) -> None:
    publications.propose(RUN, by=ANI)
    publications.approve(RUN, by=BUDI)
    with pytest.raises(PublicationError, match="E-PUBLISH-UNPROPOSED"):
        publications.take_back(RUN, by=BUDI)
    assert len(publications.all()) == 1


def test_what_is_due_is_what_was_approved_last(publications: Publications) -> None:
    def due() -> list[str]:
        return [run_id for run_id in (RUN, OTHER_RUN) if publications.is_due(run_id)]

    publications.propose(RUN, by=ANI)
    assert due() == []
    publications.approve(RUN, by=BUDI)
    assert (due(), publications.last_published()) == ([RUN], RUN)
    publications.propose(OTHER_RUN, by=ANI)
    publications.approve(OTHER_RUN, by=BUDI)
    assert due() == [OTHER_RUN]
    publications.withdraw(OTHER_RUN, by=BUDI)
    assert (due(), publications.last_published()) == ([], None)
    publications.propose(RUN, by=ANI)
    publications.approve(RUN, by=BUDI)
    publications.propose(RUN, by=ANI)
    assert due() == []  # it is proposed anew: that waits for an approver

"""Text that a database or a spreadsheet would obey is only text."""

import csv
import io

import pytest

from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog, Entry
from geo_target.operations.audit_csv import write_csv
from geo_target.operations.refusals import AccountError, SignInError
from tests.operations.world import GOOD, ROOT, SITI, Clock, read_of

SQL = ["' OR '1'='1", "siti' --", "siti'; DROP TABLE users; --", 'siti" --', "siti%", "s_ti"]


@pytest.mark.parametrize("text", SQL)
def test_a_statement_that_is_typed_is_a_name_of_nobody(accounts: Accounts, text: str) -> None:
    siti = accounts.add("siti", "Siti Rahayu", GOOD, "viewer", by=ROOT)
    assert accounts.find(text) is None
    with pytest.raises(SignInError):
        accounts.sign_in(text, GOOD)
    with pytest.raises(AccountError, match="E-USER-UNKNOWN"):
        accounts.disable(text, by=ROOT)
    assert accounts.users() == [siti]


@pytest.mark.parametrize("text", SQL)
def test_a_statement_finds_no_entry_of_the_log(audit: AuditLog, clock: Clock, text: str) -> None:
    audit.append(read_of("siti"))
    past, future = clock.now.replace(year=2000), clock.now.replace(year=2100)
    assert audit.who_saw(text, past, future, by=ROOT) == []
    assert len(audit.who_saw("siti", past, future, by=ROOT)) == 1


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\0="])
def test_no_cell_of_the_log_starts_a_formula(audit: AuditLog, first: str) -> None:
    text = f'{first}HYPERLINK(1);a"b,c'
    audit.append(Entry(actor=SITI, verb=text, object_type=text, object_id=text, reason=text))
    file = io.StringIO(newline="")
    write_csv(audit.entries(by=ROOT), file)
    row = next(iter(csv.DictReader(io.StringIO(file.getvalue(), newline=""))))
    for column in ("verb", "object_type", "object_id", "reason"):
        assert row[column][0] in "' "
        assert row[column].endswith('HYPERLINK(1);a"b,c')

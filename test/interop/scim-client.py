"""Driven by scim-suites.sh. A customer's script over scim2-client, with models made from our /Schemas that refuse every
answer that does not keep to them (SCIM-050 to 183)."""

import time

from scim2_models import (
    BulkOperation,
    BulkRequest,
    PatchOp,
    PatchOperation,
    PreconditionFailedException,
    SearchRequest,
    UniquenessException,
)
from scim_patient import connect

client = connect()
client.discover()
User, Group = client.get_resource_model("User"), client.get_resource_model("Group")
before = client.query(User, query_parameters=SearchRequest(count=0)).total_results
print("models of", ", ".join(model.__name__ for model in client.provider.models))


def bulk(operations):
    """Each operation counts as a request (SCIM-180): what is told to come again comes again."""
    done = client.bulk(BulkRequest[User](operations=operations)).operations
    again = [sent for sent, answer in zip(operations, done) if answer.status == 429]
    kept = [answer for answer in done if answer.status != 429]
    if not again:
        return kept
    time.sleep(1)
    return kept + bulk(again)



# RFC 7644 section 3.7: three hundred people, a hundred a request.
ids = []
for start in range(0, 300, 100):
    operations = [
        BulkOperation[User](
            method="POST",
            path="/Users",
            bulk_id=f"b{number}",
            data=User(user_name=f"u{number:03}@acme.test", title="even" if number % 2 == 0 else "odd", active=False),
        )
        for number in range(start, start + 100)
    ]
    done = bulk(operations)
    assert [answer.status for answer in done] == [201] * 100
    ids += [answer.location.rsplit("/", 1)[1] for answer in done]
assert len(set(ids)) == 300

# Sections 3.4.2.4 and RFC 9865: the same people by index and by cursor.
by_index: list[str] = []
while True:
    page = client.query(User, query_parameters=SearchRequest(start_index=len(by_index) + 1, count=70))
    assert (page.total_results, page.start_index) == (before + 300, len(by_index) + 1)
    by_index += [user.id for user in page.resources or []]
    if len(by_index) >= page.total_results:
        break
by_cursor: list[str] = []
cursor: str | None = ""
while cursor is not None:
    page = client.query(User, query_parameters=SearchRequest(cursor=cursor, count=70))
    by_cursor += [user.id for user in page.resources or []]
    cursor = page.next_cursor
assert set(by_index) == set(by_cursor) >= set(ids) and len(by_index) == len(by_cursor) == before + 300
print(f"{len(ids)} made in bulk, {len(by_index)} listed by index and by cursor")

# Sections 3.4.2.2, 3.4.2.3, 3.4.3 and 3.9.
odd = SearchRequest(filter='title eq "ODD" and userName sw "u0"', sort_by="userName", sort_order="descending", count=3)
found = client.query(User, query_parameters=odd)
assert (found.total_results, [user.user_name[:4] for user in found.resources]) == (50, ["u099", "u097", "u095"])
posted = client.search(SearchRequest(filter='userName eq "U007@ACME.TEST"', attributes=["userName"]))
assert [(user.user_name, user.title) for user in posted.resources] == [("u007@acme.test", None)]

# Sections 3.5.2 and 3.14: what somebody else has changed meanwhile is not written over.
person = client.query(User, ids[7])
unchanged = client.query(person)
assert unchanged is person, "304 Not Modified"
mine = PatchOp[User](operations=[PatchOperation(op="replace", path="nickName", value="Bond")])
changed = client.modify(User, person.id, mine)
assert (changed.nick_name, changed.meta.version != person.meta.version) == ("Bond", True)
try:
    client.replace(person)
    raise AssertionError("a stale version was taken")
except PreconditionFailedException as refusal:
    assert refusal.status == 412
changed.nick_name = "James"
assert client.replace(changed).nick_name == "James"
try:
    client.create(User(user_name="U007@acme.test"))
    raise AssertionError("a name was given twice")
except UniquenessException as refusal:
    assert refusal.status == 409
print("filtered, sorted, searched, patched, replaced; 304, 409 and 412 where they belong")

# A group of all three hundred, then of all but one.
group = client.create(Group(display_name="Everybody", members=[{"value": id, "type": "User"} for id in ids]))
gone = PatchOp[Group](operations=[PatchOperation(op="remove", path=f'members[value eq "{ids[0]}"]')])
client.modify(Group, group.id, gone)
assert len(client.query(Group, group.id).members) == 299
client.delete(Group, group.id)
for start in range(0, 300, 100):
    operations = [BulkOperation[User](method="DELETE", path=f"/Users/{id}") for id in ids[start : start + 100]]
    assert {answer.status for answer in bulk(operations)} == {204}
assert client.query(User, query_parameters=SearchRequest(count=0)).total_results == before
print("a group of 300, and all deleted again")

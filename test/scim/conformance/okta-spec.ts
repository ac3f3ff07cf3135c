import { has, is, isFaster, isNumber, isStatus, isThere, kept, type Known, type Step } from "./steps";
import type { Send } from "../support/door";

const listOf = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const error = "urn:ietf:params:scim:api:messages:2.0:Error";
const core = "urn:ietf:params:scim:schemas:core:2.0:User";
const person = ["id", "name.familyName", "name.givenName", "userName", "active", "emails[0].value"];
const byName = (name: string) => `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`;
const newUser = (known: Known): Send => ({
  method: "POST",
  path: "/Users",
  body: {
    schemas: [core],
    userName: known.get("userName"),
    name: { givenName: known.get("givenName"), familyName: known.get("familyName") },
    emails: [{ primary: true, value: known.get("email"), type: "work" }],
    displayName: `${known.get("givenName") ?? ""} ${known.get("familyName") ?? ""}`,
    active: true,
  },
  headers: { "content-type": "application/json", accept: "application/scim+json; charset=utf-8" },
});

/**
 * The twelve requests that Okta's public SPEC test makes of a SCIM 2.0 server, with its 52 assertions, put in our own
 * words (developer.okta.com, "Test your SCIM API": the SPEC test of May 2024). It asks for one user with a full name.
 */
export const oktaSpec: readonly Step[] = [
  {
    name: "the first user of the list",
    request: () => ({ path: "/Users?count=1&startIndex=1" }),
    checks: [
      isStatus(200),
      isThere("Resources"),
      has("schemas", listOf),
      ...["itemsPerPage", "startIndex", "totalResults"].map(isNumber),
      ...person.map((place) => isThere(`Resources[0].${place}`)),
    ],
    keeps: { first: "Resources[0].id" },
  },
  {
    name: "that user by id",
    request: (known) => ({ path: `/Users/${known.get("first") ?? ""}` }),
    checks: [isStatus(200), ...person.map(isThere), is("id", kept("first"))],
  },
  {
    name: "a user name that nobody has",
    request: () => ({ path: byName("abcdefgh@atko.com") }),
    checks: [isStatus(200), has("schemas", listOf), is("totalResults", "0")],
  },
  {
    name: "an id that nobody has",
    request: () => ({ path: "/Users/010101001010101011001010101011" }),
    checks: [isStatus(404), isThere("detail"), has("schemas", error)],
  },
  {
    name: "the user to be made is not there",
    request: (known) => ({ path: byName(known.get("email") ?? "") }),
    checks: [isStatus(200), is("totalResults", "0"), has("schemas", listOf)],
  },
  {
    name: "make the user",
    request: newUser,
    checks: [
      ...[isStatus(201), is("active", "true"), isThere("id")],
      ...[is("name.familyName", kept("familyName")), is("name.givenName", kept("givenName"))],
      ...[has("schemas", core), is("userName", kept("userName"))],
    ],
    keeps: { made: "id" },
  },
  {
    name: "the user was made",
    request: (known) => ({ path: `/Users/${known.get("made") ?? ""}` }),
    checks: [
      ...[isStatus(200), is("userName", kept("userName"))],
      ...[is("name.familyName", kept("familyName")), is("name.givenName", kept("givenName"))],
    ],
  },
  { name: "the user is not made twice", request: newUser, checks: [isStatus(409)] },
  {
    name: "the user name in capitals",
    request: (known) => ({ path: byName((known.get("userName") ?? "").toUpperCase()) }),
    checks: [isStatus(200)],
  },
  { name: "the groups", request: () => ({ path: "/Groups" }), checks: [isStatus(200), isFaster(600)] },
  {
    name: "no token",
    request: (known) => ({
      path: byName((known.get("userName") ?? "").toUpperCase()),
      headers: { authorization: "non-token" },
    }),
    checks: [isStatus(401), isThere("detail"), is("status", "401"), has("", error)],
  },
  {
    name: "an id of another form",
    request: () => ({ path: "/Users/00919288221112222" }),
    checks: [isStatus(404), isThere("detail"), is("status", "404"), has("schemas", error)],
  },
];

import fc from "fast-check";
import { limits } from "../../services/scim/limits";
import { nestsDeeperThan } from "../../services/scim/nesting";
import { messages } from "../../services/scim/urns";
import { openScim, scimClient } from "./support/door";

const lists = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("SCIM-200: how deep a text nests is what its value nests, whatever its strings hold", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(8), fc.boolean(), (value, max, isPretty) => {
      const text = JSON.stringify(value, null, isPretty ? 1 : 0);
      expect(nestsDeeperThan(max, text)).toBe(depthOf(value) > max);
    }),
    { numRuns: 500 },
  );
  expect([nestsDeeperThan(1, '["]]\\"[[[{"]'), nestsDeeperThan(1, '["\\\\",[]]')]).toEqual([false, true]);
});

test("SCIM-200, SCIM-034: a body that nests without end is refused as one, and nothing breaks", async () => {
  const idp = await scimClient(await openScim());
  const user = (rest: string) => `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"deep",${rest}}`;
  const patch = (rest: string) => `{"schemas":["${messages.patchOp}"],"Operations":[{"op":"add",${rest}}]}`;
  const bulk = (data: string) =>
    `{"schemas":["${messages.bulkRequest}"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":${data}}]}`;
  const { id } = (await idp.post("/Users", { userName: idp.org.email("ada") })).body as { id: string };
  const deep = [lists(100_000), objects(100_000), objects(9_000), lists(limits.bodyDepth)];
  const places = deep.flatMap((value) => [
    ["POST", "/Users", user(`"x":${value}`)],
    ["POST", "/Users", user(`"emails":${value}`)],
    ["PATCH", `/Users/${id}`, patch(`"path":"nickName","value":${value}`)],
    ["PATCH", `/Users/${id}`, patch(`"value":{"x":${value}}`)],
    ["POST", "/Bulk", bulk(user(`"x":${value}`))],
  ]);
  for (const [method = "", path = "", raw = ""] of places) {
    const refused = await idp.send({ method, path, raw, headers: { "content-type": "application/scim+json" } });
    expect([refused.status, refused.body.scimType]).toEqual([400, "invalidSyntax"]);
    expect(refused.body.detail).toContain(`nests deeper than ${limits.bodyDepth} levels`);
  }
  // Exactly as deep as is allowed: one level is the body's own.
  const raw = user(`"x":${lists(limits.bodyDepth - 1)}`);
  const taken = await idp.send({
    method: "POST",
    path: "/Users",
    raw,
    headers: { "content-type": "application/scim+json" },
  });
  expect(taken.status).toBe(201);
}, 30_000);

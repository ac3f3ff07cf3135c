import express from "express";
import { pagesDoor } from "../../services/pages/router";
import { listen } from "../support/listen";
import { publicUrl, testWorld } from "../support/world";

let base: string;

beforeAll(async () => {
  const db = await testWorld();
  const app = express();
  app.use((_req, res, next) => {
    res.setHeader("X-Request-Id", "test-request");
    next();
  });
  app.use(pagesDoor({ db, publicUrl }));
  base = await listen(app);
});

test.each([
  ["U+0000", "%00"],
  ["a text with U+0000", "a%00b"],
  ["5,000 letters", "a".repeat(5_000)],
  ["a path", "..%2f..%2f"],
])("SAML-77, SEC-40: an organization by the name of %s is one that nobody has", async (_, name) => {
  const answer = await fetch(`${base}/login/${name}`, { redirect: "manual" });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in"]);
});

test.each([
  ["U+0000", "\u0000"],
  ["a text with U+0000", "a\u0000b"],
  ["5,000 letters", "a".repeat(5_000)],
])(
  "SAML-83, SEC-40: an emergency sign-in to an organization by the name of %s is refused as to any other",
  async (_, name) => {
    const post = (form: Record<string, string>) =>
      fetch(`${base}/break-glass`, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
    const codes = { email: "a\u0000b@x.example", code: "000000", recoveryCode: "x\u0000y" };
    const [strange, usual] = [
      await post({ organization: name, ...codes }),
      await post({ organization: "nobody-has-this", ...codes, email: "a@x.example", recoveryCode: "x" }),
    ];
    expect(strange.status).toBe(usual.status);
    expect(usual.status).toBeLessThan(500);
  },
);

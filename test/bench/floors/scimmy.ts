import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

// scimmy-routers as its documentation sets it up, with handlers in memory that answer with all there is, as shown there:
// the library itself filters, pages and patches what it is given.
interface Stored {
  id: string;
  [attribute: string]: unknown;
}

const count = Number(process.env.USERS);
const users: Stored[] = Array.from({ length: count }, (_, n) => ({
  id: `user-${n}`,
  userName: `user${String(n + 1).padStart(6, "0")}@bulk.test`,
  name: { givenName: `Given${n}`, familyName: `Family${n}` },
  displayName: `Given${n} Family${n}`,
  emails: [{ value: `user${n}@bulk.test`, type: "work", primary: true }],
  active: true,
}));
const groups: Stored[] = [
  {
    id: "group-0",
    displayName: "Everybody",
    members: users.map(({ id, displayName }) => ({ value: id, display: displayName })),
  },
];

interface Asked {
  readonly id?: string;
}

const egress = (kept: Stored[]) => (resource: Asked) => {
  if (resource.id === undefined) return kept;
  const found = kept.find(({ id }) => id === resource.id);
  if (!found) throw new SCIMMY.Types.Error(404, "", `Resource ${resource.id} not found`);
  return found;
};

const ingress = (kept: Stored[]) => (resource: Asked, instance: object) => {
  const id = resource.id ?? randomUUID();
  const stored = { ...(JSON.parse(JSON.stringify(instance)) as object), id };
  const at = kept.findIndex((known) => known.id === id);
  if (at === -1) kept.push(stored);
  else kept[at] = stored;
  return stored;
};

type Declared = { ingress(handler: unknown): Declared; egress(handler: unknown): Declared };
const declare = (type: unknown, kept: Stored[]): void => {
  (SCIMMY.Resources.declare(type as typeof SCIMMY.Resources.User) as unknown as Declared)
    .ingress(ingress(kept))
    .egress(egress(kept));
};
declare(SCIMMY.Resources.User, users);
declare(SCIMMY.Resources.Group, groups);

const app = express();
app.get("/ready", (_req, res) => void res.end("ok"));
app.use(
  "/scim",
  new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
      if (!request.header("Authorization")?.startsWith("Bearer ")) throw new Error("Authorization not detected!");
      return "some-user-ID";
    },
  }),
);
app.listen(Number(process.env.PORT), "127.0.0.1");

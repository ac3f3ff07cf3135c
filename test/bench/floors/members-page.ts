import { createHash } from "node:crypto";
import express from "express";
import { uuidOf } from "../../../services/kernel/ids";
import { inTenant } from "./pool";

// A bare Express route: the same token check, the same role and policies, one hand-written statement, JSON.stringify.
const app = express();
app.disable("etag");
app.get("/ready", (_req, res) => void res.end("ok"));
app.use(express.json());
app.post("/members", async (req, res) => {
  const token = (req.get("authorization") ?? "").slice(7);
  const orgId = uuidOf(token.split("_")[1] ?? "") ?? "";
  const hash = createHash("sha256").update(token).digest();
  const page = await inTenant(orgId, async (client) => {
    const caller = await client.query({
      name: "token",
      text: `select t.id, t.role from api_token t left join member m on m.org_id = t.org_id and m.id = t.member_id
             where t.org_id = $1 and t.secret_hash = $2 and t.revoked_at is null and t.expires_at > now()
               and (t.member_id is null or m.status = 'ACTIVE')`,
      values: [orgId, hash],
    });
    if (caller.rows.length === 0) throw new Error("unauthenticated");
    const members = await client.query({
      name: "page",
      text: `select m.id, m.display_name, m.login_email, m.role, m.status, m.created_at, l.id as licence_id,
               s.id as subscription_id, s.quantity, s.used, p.code, p.name_en
             from member m
             left join licence_assignment l on l.org_id = m.org_id and l.member_id = m.id and l.ended_at is null and l.kind = 'SERVICE'
             left join subscription s on s.org_id = l.org_id and s.id = l.subscription_id
             left join plan p on p.code = s.plan_code
             where m.org_id = $1 and m.status <> 'REMOVED' order by m.created_at, m.id limit 50`,
      values: [orgId],
    });
    return members.rows;
  });
  res.setHeader("Content-Type", "application/json");
  res.end(JSON.stringify({ data: page }));
});
app.listen(Number(process.env.PORT), "127.0.0.1");

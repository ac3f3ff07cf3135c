import { createHash } from "node:crypto";
import express from "express";
import { uuidOf } from "../../../services/kernel/ids";
import { inTenant } from "./pool";

// A bare Express route: the same session check, the same role and policies, one hand-written statement, JSON.stringify.
const app = express();
app.disable("etag");
app.get("/ready", (_req, res) => void res.end("ok"));
app.use(express.json());
app.post("/members", async (req, res) => {
  const secret = /plenum_session=([^;]+)/.exec(req.get("cookie") ?? "")?.[1] ?? "";
  const orgId = uuidOf(secret.split("_")[1] ?? "") ?? "";
  const hash = createHash("sha256").update(secret).digest();
  const page = await inTenant(orgId, async (client) => {
    const caller = await client.query({
      name: "session",
      text: `select s.id, m.role from login_session s join member m on m.org_id = s.org_id and m.id = s.member_id
             where s.org_id = $1 and s.secret_hash = $2 and s.ended_at is null and s.idle_until > now()
               and s.ends_at > now() and m.status = 'ACTIVE' and (m.suspended_at is null or s.created_at > m.suspended_at)`,
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

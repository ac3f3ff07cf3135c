import { createServer } from "node:net";
import { Pool } from "pg";
import { poolConfig, poolOf, poolSizes } from "../../services/platform/data-source";
import { checkRole, RoleTooStrong } from "../../services/platform/role-check";
import { closeAfterFile, connect, freshDatabase, testDatabase, testSource } from "../support/database";
import { startPooler } from "../support/pooler";

test("DB-10: each connection carries every limit and a name, and the pool gives up after two seconds", async () => {
  const source = await testSource({ max: 1, applicationName: "plenum gateway" });
  const { rows } = await poolOf(source).query(
    `select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout',
       'idle_in_transaction_session_timeout', 'application_name') order by name`,
  );
  expect(rows).toEqual([
    { name: "application_name", setting: "plenum gateway" },
    { name: "idle_in_transaction_session_timeout", setting: "10000" },
    { name: "lock_timeout", setting: "2000" },
    { name: "statement_timeout", setting: "5000" },
  ]);
  const taken = await poolOf(source).connect();
  const began = performance.now();
  await expect(poolOf(source).connect()).rejects.toThrow("timeout exceeded when trying to connect");
  expect(performance.now() - began).toBeGreaterThan(1_900);
  expect(performance.now() - began).toBeLessThan(3_000);
  taken.release();
});

test("DB-10, DB-11: at most ten connections for requests, a quarter of them for the worker, four at least", () => {
  expect(poolSizes(10)).toEqual({ interactive: 10, background: 4 });
  expect(poolSizes(5)).toEqual({ interactive: 5, background: 4 });
  expect(poolSizes(40)).toEqual({ interactive: 40, background: 10 });
  expect(poolSizes().interactive).toBeLessThanOrEqual(10);
});

test("DB-10: a connection that the server ends reaches the pool's handler, and the next query works", async () => {
  const lost: string[] = [];
  const source = await testSource({ max: 1, onError: (error) => lost.push(error.message) });
  const { rows } = await poolOf(source).query<{ pid: number }>("select pg_backend_pid() as pid");
  const { superUrl } = await testDatabase();
  const admin = await connect(superUrl);
  await admin.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
  await new Promise((done) => setTimeout(done, 100));
  expect(lost).toEqual(["terminating connection due to administrator command"]);
  expect((await poolOf(source).query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

test("DB-10: a host that takes the connection and says nothing is given up after two seconds", async () => {
  const silent = createServer(() => undefined);
  closeAfterFile(async () => silent.close());
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  const { port } = silent.address() as { port: number };
  const began = performance.now();
  const pool = new Pool(
    poolConfig({ target: { host: "127.0.0.1", port, user: "x", database: "x" }, max: 1, applicationName: "x" }),
  );
  await expect(pool.query("select 1")).rejects.toThrow(/timeout/);
  expect(performance.now() - began).toBeLessThan(3_000);
  await pool.end();
});

describe("DB-16: values come back as they went in, whatever the zone of the process", () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  test.each(["America/St_Johns", "Asia/Kathmandu", "UTC"])("DB-16: %s", async (tz) => {
    process.env.TZ = tz;
    const pool = poolOf(await testSource());
    const sent = {
      money: "9223372036854775807",
      rate: "0.0503000000",
      day: "2024-02-29",
      wall: "2024-03-10 02:30:00",
      at: new Date("1999-12-31T23:59:59.999Z"),
      days: ["2024-02-29", "0001-01-01"],
      rates: ["0.1", "12345678901234567890.12345"],
    };
    const { rows } = await pool.query(
      `select $1::int8 as money, $2::numeric as rate, $3::date as day, $4::timestamp as wall, $5::timestamptz as at,
              $6::date[] as days, $7::numeric[] as rates`,
      Object.values(sent),
    );
    expect(rows[0]).toEqual(sent);
  });
});

describe("DB-40: the process refuses a role that could pass row-level security", () => {
  test("DB-40: the application's role is taken", async () => {
    const { appUrl } = await testDatabase();
    await expect(checkRole(await connect(appUrl))).resolves.toBe(undefined);
  });

  test("DB-40: a superuser, an owner, a member of the owner and BYPASSRLS are refused, each with its reason", async () => {
    const { superUrl, ownerUrl } = await freshDatabase();
    const admin = await connect(superUrl);
    await expect(checkRole(admin)).rejects.toThrow(
      /database role postgres is or may become a superuser and has or may take BYPASSRLS and owns tables of tenants/,
    );
    await expect(checkRole(await connect(ownerUrl))).rejects.toThrow(/role plenum_owner owns tables of tenants/);
    const suffix = Math.random().toString(36).slice(2);
    await admin.query(`create role heir_${suffix} login; grant plenum_owner to heir_${suffix};
                       create role seer_${suffix} login bypassrls`);
    const heir = checkRole(await connect({ ...superUrl, user: `heir_${suffix}` }));
    await expect(heir).rejects.toThrow(`database role heir_${suffix} owns tables of tenants, so`);
    const seer = checkRole(await connect({ ...superUrl, user: `seer_${suffix}` }));
    await expect(seer).rejects.toThrow(RoleTooStrong);
    await admin.query(`drop role heir_${suffix}; drop role seer_${suffix}`);
  });
});

test("DB-12: what is prepared in one session is unknown in the next, unless the pools are told of the pooler", async () => {
  const pooler = await startPooler();
  const through = async (pooled: boolean): Promise<unknown> => {
    const max = 2;
    const target = { connectionString: pooler.url };
    const pool = new Pool(poolConfig({ target, max, pooled, applicationName: "plenum test" }));
    pool.on("error", () => undefined);
    closeAfterFile(() => pool.end());
    // The second connection only brings a session along, into which the first one is put now and then.
    const [one, other] = [await pool.connect(), await pool.connect()];
    const codes: unknown[] = [];
    for (let n = 0; n < 3; n++) {
      const done = one.query({ name: "one", text: "select 1 as one" });
      codes.push(
        await done.then(
          () => "fine",
          (error: { code?: string }) => error.code,
        ),
      );
    }
    for (const client of [one, other]) client.release();
    return codes;
  };
  expect(await through(true)).toEqual(["fine", "fine", "fine"]);
  expect(await through(false)).toEqual(["fine", "26000", "fine"]);
});

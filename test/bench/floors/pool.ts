import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { Pool, type PoolClient } from "pg";

/** The same pool, role and policies as the product's, without anything around. */
export const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 5 });

/** One transaction for one organization, as the product opens it. */
export async function inTenant<T>(orgId: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(`begin; set local app.org_id = '${orgId}'`);
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

export async function bodyOf(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of req) text += String(chunk);
  return text;
}

export function serve(listener: RequestListener): void {
  createServer(listener).listen(Number(process.env.PORT), "127.0.0.1");
}

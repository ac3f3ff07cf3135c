import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { closeAfterFile } from "./database";

/** Serves an app on a free loopback port until the file is done; answers its base URL. */
export async function listen(app: RequestListener): Promise<string> {
  const server = createServer(app);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  closeAfterFile(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

import { connect, createServer, type Server, type Socket } from "node:net";
import { closeAfterFile } from "./database";

/** A TCP port in front of the test cluster's socket, which can be cut off as a lost database is. */
export class DatabaseProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly socketPath: string) {}

  static async open(socketDir: string): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(`${socketDir}/.s.PGSQL.5432`);
    await proxy.restore();
    closeAfterFile(() => proxy.cut());
    return proxy;
  }

  url(user: string, database: string): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}`;
  }

  /** Connections break and new ones are refused. */
  async cut(): Promise<void> {
    const closed = new Promise<void>((done) => (this.server ? this.server.close(() => done()) : done()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.server = undefined;
  }

  /** Open connections say nothing more, in either direction; new ones are answered. */
  mute(): void {
    for (const socket of this.sockets) socket.unpipe();
  }

  /** The same port answers again. */
  async restore(): Promise<void> {
    const server = createServer((client) => {
      const database = connect(this.socketPath);
      for (const socket of [client, database]) {
        this.sockets.add(socket);
        socket.on("error", () => undefined);
        socket.once("close", () => {
          this.sockets.delete(socket);
          client.destroy();
          database.destroy();
        });
      }
      client.pipe(database).pipe(client);
    });
    await new Promise<void>((done) => server.listen(this.port, "127.0.0.1", done));
    this.port = (server.address() as { port: number }).port;
    this.server = server;
  }
}

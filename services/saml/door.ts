import type { Door } from "../platform/door";
import { Connections } from "./connections";
import { samlRouter } from "./router";
import { ValidationPool } from "./validation-pool";

/** Opens the SAML door with its validation threads. */
export const samlDoor: Door = ({ db, log, config }) => {
  const pool = new ValidationPool();
  pool.warm();
  const connections = new Connections(db);
  return {
    router: samlRouter({ db, log, publicUrl: config.publicUrl, connections, pool }),
    close: () => pool.close(),
  };
};

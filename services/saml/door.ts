import type { Door } from "../platform/door";
import { Connections } from "./connections";
import { SamlFigures } from "./figures";
import { samlRouter } from "./router";
import { ValidationPool } from "./validation-pool";

/** Opens the SAML door with its validation threads. */
export const samlDoor: Door = ({ db, log, config, metrics }) => {
  const pool = new ValidationPool();
  pool.warm();
  const connections = new Connections(db);
  const figures = new SamlFigures(metrics.registry, { db, pool, connections });
  return {
    router: samlRouter({ db, log, publicUrl: config.publicUrl, connections, pool, figures }),
    close: () => pool.close(),
  };
};

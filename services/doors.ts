import { openGateway } from "./gateway";
import { pagesDoor } from "./pages/router";
import type { DoorName } from "./platform/config";
import type { Door } from "./platform/door";
import { samlDoor } from "./saml/door";
import { scimDoor } from "./scim/door";
import { openWorker } from "./worker";

/** The doors of this release by the names that `PLENUM_DOORS` uses. */
export const doors: Partial<Readonly<Record<DoorName, Door>>> = {
  saml: samlDoor,
  console: ({ db, config }) => pagesDoor({ db, publicUrl: config.publicUrl }),
  gateway: (context) => openGateway(context),
  scim: scimDoor,
  worker: openWorker,
};

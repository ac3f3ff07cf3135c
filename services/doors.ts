import { openGateway } from "./gateway";
import { pagesDoor } from "./pages/router";
import type { DoorName } from "./platform/settings/variables";
import type { Door } from "./platform/door";
import type { DirectDoor } from "./platform/http/direct";
import { samlDoor } from "./saml/door";
import { scimAway, scimDoor } from "./scim/door";
import { openWorker } from "./worker";

/** The doors of this release by the names that `PLENUM_DOORS` uses. */
export const doors: Partial<Readonly<Record<DoorName, Door>>> = {
  saml: samlDoor,
  console: ({ db, config }) => pagesDoor({ db, publicUrl: config.publicUrl }),
  gateway: (context) => openGateway(context),
  scim: scimDoor,
  worker: openWorker,
};

/** How doors that answer everything below their path say that they cannot yet, or not now. */
export const awayDoors: Partial<Readonly<Record<DoorName, DirectDoor>>> = { scim: scimAway };

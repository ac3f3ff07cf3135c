import type { Request, Response } from "express";
import { entranceOf, unauthenticated } from "../domain/identity";
import { cookieStyle, readCookie } from "../platform/cookies";
import { originOf } from "../platform/http/request";
import type { Entrance } from "../platform/tx";
import type { SamlContext } from "./context";

/**
 * Whoever is signed in at this browser, within their own organization: what is not theirs is not found.
 * @throws PlenumError `unauthenticated`.
 */
export function administrator({ publicUrl }: SamlContext, req: Request, res: Response): Entrance {
  const secret = readCookie(cookieStyle(publicUrl), "session", req.get("cookie"));
  const entrance = secret === undefined ? undefined : entranceOf(secret, originOf(req, res));
  if (!entrance) throw unauthenticated();
  return entrance;
}

import { invalid, notFound, PlenumError } from "../../kernel/errors";
import { newId, publicId, type MemberId, type TokenId } from "../../kernel/ids";
import { parseText } from "../../kernel/text";
import type { Role } from "../../platform/caller";
import { mintSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { isAtMost, roleOf, useCase } from "../access";
import { getMember } from "../members";
import { unauthenticated } from "./entrances";
import {
  holdActiveMember,
  insertToken,
  listScimTokenRows,
  listTokenRows,
  revokeTokenRow,
  type ApiToken,
  type ScimToken,
} from "./tokens.store";

export interface CreatedToken {
  readonly id: TokenId;
  /** Shown once; only its hash is stored. */
  readonly text: string;
  readonly expiresAt: Date;
}

const validDaysMax = 366;

/**
 * Makes an API token. It has at most the role of its maker (SEC-03); one that belongs to a member dies with them.
 * @throws PlenumError `forbidden` for a higher role, `invalid`, `not_found` for the member.
 */
export const createToken = useCase(
  "token:write",
  async (
    tx: Tx,
    input: { name: string; role: Role; validDays?: number; memberId?: MemberId },
  ): Promise<CreatedToken> => {
    if (!isAtMost(input.role, roleOf(tx.caller))) {
      throw new PlenumError("forbidden", "a token has at most the role of its maker", { role: input.role });
    }
    const validDays = input.validDays ?? 90;
    if (!Number.isInteger(validDays) || validDays < 1 || validDays > validDaysMax) {
      throw invalid("validDays", `1 to ${validDaysMax} days`, validDays);
    }
    const own = tx.caller.kind === "person" || tx.caller.kind === "token" ? tx.caller.memberId : null;
    if (input.memberId !== undefined) await requireMemberBelow(tx, input.memberId);
    const memberId = input.memberId ?? own;
    // A suspension that has not ended yet does not see this token.
    if (own !== null && !(await holdActiveMember(tx, own))) throw unauthenticated();
    const name = parseText("name", input.name, { max: 120 });

    const id = newId("token");
    const secret = mintSecret("api", tx.orgId);
    const expiresAt = await insertToken(tx, { id, name, hash: secret.hash, memberId, role: input.role, validDays });

    const facts = { name, role: input.role, member: memberId && publicId("member", memberId) };
    tx.audit({ action: "token.create", target: { kind: "token", id }, facts });
    return { id, text: secret.text, expiresAt };
  },
  "createToken",
);

// The member is who the audit log names as the actor: nobody acts under the name of somebody above them.
async function requireMemberBelow(tx: Tx, memberId: MemberId): Promise<void> {
  const { role } = await getMember(tx, memberId);
  if (!isAtMost(role, roleOf(tx.caller))) {
    throw new PlenumError("forbidden", "a token belongs to nobody above its maker", { role });
  }
}

/** Ends an API token with the commit: the next request with it is refused. */
export const revokeToken = useCase(
  "token:write",
  async (tx: Tx, input: { id: TokenId }): Promise<void> => {
    if (!(await revokeTokenRow(tx, input.id))) throw notFound("token");

    tx.audit({ action: "token.revoke", target: { kind: "token", id: input.id } });
  },
  "revokeToken",
);

/** The live tokens, newest first, without their secrets; at most 100. */
export const listTokens = useCase(
  "token:write",
  async (tx: Tx, _input: object): Promise<ApiToken[]> => listTokenRows(tx),
  "listTokens",
);

/** The SCIM tokens of all connections, newest first, without their secrets; at most 100. */
export const listScimTokens = useCase(
  "identity:read",
  async (tx: Tx, _input: object): Promise<ScimToken[]> => listScimTokenRows(tx),
  "listScimTokens",
);

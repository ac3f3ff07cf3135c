import { ApiTokenEntity, ScimTokenEntity, VerifiedDomainEntity } from "./identity";

/**
 * The rows that TypeORM reads and writes: the administration's cold paths. Hot paths are named statements (platform.md
 * D2); the house test compares every entity's columns with the table's.
 */
export const entities = [ApiTokenEntity, ScimTokenEntity, VerifiedDomainEntity] as const;

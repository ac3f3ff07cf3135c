export * from "./add-connection";
export * from "./allow-return";
export * from "./create-scim-token";
export * from "./create-token";
export * from "./discover-connection";
export type { ScimTokenRow, SessionRow } from "./credentials.store";
export * from "./entrances";
export * from "./login-sessions";
export * from "./saml-urls";
export * from "./sign-in-links";
export type { VerifiedDomain } from "./domains.store";
export type { ApiToken, ScimToken } from "./tokens.store";
export * from "./vouch-for-domain";
export { ApiTokenEntity } from "./api-token.entity";
export { ScimTokenEntity } from "./scim-token.entity";
export { VerifiedDomainEntity } from "./verified-domain.entity";
export * from "./accept-assertion";
export * from "./assertion-facts";
export * from "./complete-sign-in";
export * from "./import-connection";
export * from "./read-metadata";
export * from "./read-person";
export * from "./refuse-sign-in";
export * from "./require-sso";
export * from "./return-path";
export * from "./saml-callers";
export { findSamlConnection, type SamlConnection, type SpKey } from "./saml-connection";
export * from "./saml-settings";
export type { SsoReason } from "./sso-refusals";
export * from "./single-logout";
export * from "./start-sign-in";
export { requireFreshSession, freshMinutes } from "./administrator";
export type { AgendaWork, Settle } from "./agenda-work";
export { beginBreakGlass, breakGlass, breakGlassMinutes, type BreakGlassProof } from "./break-glass";
export type { ConnectionCertificate } from "./certificate.store";
export * from "./change-certificates";
export { changeConnection } from "./change-connection";
export type { ConnectionChange, OptionsChange } from "./connection-change";
export type { Connection, ConnectionOptions } from "./connection";
export * from "./change-domain";
export { addExemption, breakGlassMax, listExemptions, removeExemption, type ExemptionInput } from "./change-exemptions";
export { checkDomain, showDomainProof, type DomainCheck } from "./check-domain";
export { claimDomain, domainsMax, type DomainProof } from "./claim-domain";
export type { ClaimedDomain } from "./claimed-domains.store";
export { proofRecordName, proofRecordValue } from "./domain.rules";
export { connectionsMax, undeleteDays } from "./connection.rules";
export { createConnection, prepareConnection } from "./create-connection";
export { deleteConnection, purgeConnections, restoreConnection } from "./delete-connection";
export type { SignInConnection } from "./discover.store";
export { dryRunEnforcement, type DryRunReport, type LockedOut, type LockOutReason } from "./dry-run-enforcement";
export type { Enforcement, EnforcementBase, SsoPolicy } from "./enforcement";
export type { Exemption, ExemptionKind } from "./exemptions.store";
export * from "./list-connections";
export { guessProfile, mappingProfileNames, type MappingProfileName } from "./mapping-profiles";
export type { PasskeyAssertion, PasskeyCreation, PasskeyRegistration, PasskeyRequest } from "./passkeys";
export { recheckDomains } from "./recheck-domains";
export {
  beginAuthenticator,
  beginPasskey,
  finishAuthenticator,
  finishPasskey,
  listCredentials,
  removeCredential,
  renewRecoveryCodes,
  type AuthenticatorSetup,
} from "./register-credential";
export * from "./remove-domain";
export { mayUseLink } from "./require-link-allowed";
export { revokeMemberSessions, revokeSession } from "./revoke-session";
export { overlapHoursMax, rotateScimToken } from "./rotate-scim-token";
export { addSpKey, moveSpKey } from "./rotate-sp-key";
export { setEnforcement, showEnforcement } from "./set-enforcement";
export type { SpKeyStatus, SpKeyUse, SpKeyView } from "./sp-key.store";
export * from "./switch-connection";
export { requireMaySwitchOn, switchScim, type ScimSwitch } from "./switch-scim";
export { forgetSignIns } from "./forget-sign-ins";
export { graceMinutes, onEnforcementBaseChanged } from "./sync-enforcement";
export * from "./trust-domain";
export { listExpiries, giveExpiryNotices, type ExpiryWarning } from "./expiry-notices";
export type { MetadataOutcome } from "./apply-metadata";
export { fetchMetadataText, refreshDueMetadata, refreshMetadata, type MetadataFetcher } from "./refresh-metadata";
export { freshKeys, type FreshKeys } from "./self-signed";
export * from "./hint-words";
export * from "./preview-sign-in";
export * from "./saml-hints";
export * from "./test-evidence";
export * from "./test-run";
export type { SignInPreview, TestReport, TestRun } from "./test-runs.store";
export { type RoleMapping, type RoleRule } from "./role-mapping";
export type { ClientKey } from "./client-keys";
export * from "./issue-client-token";
export * from "./oauth-clients";
export type { OAuthClient } from "./oauth-clients.store";
export { listRecipients } from "./recipients.store";

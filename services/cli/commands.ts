import { auditVerify } from "./audit-verify";
import type { Command } from "./command";
import { demo } from "./demo";
import { doctor } from "./doctor";
import { domainAdd } from "./domain-add";
import { keyRotate } from "./key-rotate";
import { mailList } from "./mail-list";
import { membersExport, membersImport } from "./members";
import { migrateCommand, migrateStatus } from "./migrate";
import { orgCreate } from "./org-create";
import { plans } from "./plans";
import { samlRefresh, samlSet, samlShow } from "./saml-connection";
import { samlImport } from "./saml-import";
import {
  samlCertificateAccept,
  samlCertificateAdd,
  samlCertificateCompromise,
  samlCertificateRetire,
  samlKeyAdd,
  samlKeyMove,
} from "./saml-keys";
import { samlLinkApprove, samlLinkReject, samlLinks } from "./saml-links";
import { samlRelink } from "./saml-relink";
import { scimDialect } from "./scim-dialect";
import { scimDrift, scimHealth, scimTry } from "./scim-health";
import { scimLog, scimReplay, scimShow } from "./scim-log";
import { scimPreviewApply, scimPreviewDiscard, scimPreviewShow, scimPreviewStart } from "./scim-preview";
import { scimClientCreate, scimClientList, scimClientRevoke, scimClientRotate } from "./scim-clients";
import { membersRestore, scimApprove, scimGuard, scimRuns, scimSettle, scimUndo } from "./scim-guard";
import { groupRuleCreate, groupRuleList, groupRulePreview, groupRuleRemove } from "./scim-rules";
import { ssoDryRun } from "./sso-dry-run";
import { ssoEnforcement } from "./sso-enforcement";
import { scimTokenCreate, tokenCreate } from "./tokens";

/** Every command of `plenum`. */
export const commands: readonly Command[] = [
  demo,
  orgCreate,
  tokenCreate,
  scimTokenCreate,
  samlImport,
  samlShow,
  samlSet,
  samlRefresh,
  samlCertificateAdd,
  samlCertificateAccept,
  samlCertificateRetire,
  samlCertificateCompromise,
  samlKeyAdd,
  samlKeyMove,
  samlRelink,
  samlLinks,
  samlLinkApprove,
  samlLinkReject,
  scimDialect,
  scimLog,
  scimShow,
  scimReplay,
  scimHealth,
  scimDrift,
  scimTry,
  scimPreviewStart,
  scimPreviewShow,
  scimPreviewApply,
  scimPreviewDiscard,
  scimClientCreate,
  scimClientList,
  scimClientRotate,
  scimClientRevoke,
  scimGuard,
  scimRuns,
  scimApprove,
  scimUndo,
  scimSettle,
  groupRuleList,
  groupRulePreview,
  groupRuleCreate,
  groupRuleRemove,
  membersRestore,
  domainAdd,
  ssoEnforcement,
  ssoDryRun,
  plans,
  membersImport,
  membersExport,
  mailList,
  auditVerify,
  keyRotate,
  migrateCommand,
  migrateStatus,
  doctor,
];

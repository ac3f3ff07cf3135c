// The import rules of the house (docs/architecture.md). Each is proved by a planted violation in test/house.
const doors = "gateway|scim|saml|pages|worker|cli";
const modules = [
  "access",
  "catalog",
  "organizations",
  "seats",
  "subscriptions",
  "members",
  "groups",
  "identity",
  "provisioning",
  "event-types",
  "setup",
  "audit",
  "reading",
];
const transports =
  "^(express|@apollo/|graphql|type-graphql|graphql-|@node-saml/|scim2-parse-filter|commander|xml-crypto)";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "kernel-knows-nobody",
      severity: "error",
      from: { path: "^services/kernel/" },
      to: { path: "^services/", pathNot: "^services/kernel/" },
    },
    {
      name: "platform-knows-the-kernel",
      severity: "error",
      from: { path: "^services/platform/" },
      to: { path: "^services/", pathNot: "^services/(platform|kernel)/" },
    },
    {
      name: "domain-is-transport-free",
      severity: "error",
      from: { path: "^services/(kernel|domain)/" },
      to: { path: `^services/(${doors})/` },
    },
    {
      name: "domain-is-transport-free-libraries",
      severity: "error",
      from: { path: "^services/(kernel|domain)/" },
      to: { path: transports.replace("^(", "node_modules/(") },
    },
    {
      name: "doors-do-not-meet",
      severity: "error",
      from: { path: `^services/(${doors})/` },
      to: { path: `^services/(${doors})/`, pathNot: "^services/$1/" },
    },
    {
      name: "through-the-front-door",
      severity: "error",
      from: { path: `^services/(${doors})/` },
      to: { path: "^services/domain/[^/]+/(?!index\\.ts$)" },
    },
    ...modules.map((module) => ({
      name: "through-the-front-door-of-modules",
      severity: "error",
      from: { path: `^services/domain/${module}/` },
      to: { path: "^services/domain/[^/]+/(?!index\\.ts$)", pathNot: `^services/domain/${module}/` },
    })),
    ...modules.map((module, i) => ({
      name: "modules-look-up",
      severity: "error",
      from: { path: `^services/domain/${module}/` },
      to: { path: `^services/domain/(${modules.slice(i + 1).join("|") || "-"})/` },
    })),
    {
      name: "orm-has-its-places",
      severity: "error",
      from: { path: "^services/", pathNot: "^services/platform/|\\.(entity|store)\\.ts$" },
      to: { path: "node_modules/typeorm/|^services/platform/(sql|open-client)\\.ts$" },
    },
    {
      name: "type-graphql-has-its-place",
      severity: "error",
      from: { path: "^services/", pathNot: "^services/gateway/" },
      to: { path: "node_modules/type-graphql/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json"] },
  },
};

export * from "./agenda";
export * from "./directory";
export * from "./mails";
export * from "./master-keys";
export * from "./person-credentials";
export * from "./persons";
export * from "./rate-windows";
export * from "./sign-in-links";

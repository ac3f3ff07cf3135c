export * from "./create-organization";

export * from "./callers";
export * from "./roles";
export * from "./use-case";

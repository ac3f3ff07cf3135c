export * from "./list-plans";
export * from "./plan";

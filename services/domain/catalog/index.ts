export * from "./list-plans";
export * from "./plan";
export { findPrice } from "./plans.store";

export * from "./create-organization";
export * from "./make-demo";
export * from "./show-demo";

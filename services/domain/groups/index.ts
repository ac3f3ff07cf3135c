export * from "./add-group";
export { publicChildId } from "./apply-steps";
export * from "./change-group";
export * from "./change-membership";
export * from "./find-group";
export * from "./group";
export { groupColumns } from "./groups.store";
export * from "./remove-group";

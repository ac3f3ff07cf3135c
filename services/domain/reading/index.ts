export { Cursors } from "./cursor";
export { nounNames, type NounName } from "./noun";
export { nounFields } from "./nouns";
export { shownEvent } from "./nouns/change";
export { read, type Question } from "./read";
export { shownPermission } from "./columns";
export type { Arguments, SelectedField, Selection } from "./selection";
export { pageSize as pageSizeOf } from "./page";

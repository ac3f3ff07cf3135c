import { lexicographicSortSchema, printSchema } from "graphql";
import { plenumSchema } from "./schema/build";

/** The schema as the text that clients rely on: `schema/plenum.graphql`. */
export function printSdl(): string {
  return `${printSchema(lexicographicSortSchema(plenumSchema()))}\n`;
}

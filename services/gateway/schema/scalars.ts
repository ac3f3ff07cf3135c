import { GraphQLScalarType, Kind, type ValueNode } from "graphql";
import { GraphQLDateTime, GraphQLJSON } from "graphql-scalars";

/**
 * An instant. Read by the library; written as it is, because plans hand over RFC 3339 in UTC with milliseconds already
 * and a look at each of 50 rows would cost as much as the rest of them.
 */
export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTime.toConfig(),
  name: "DateTime",
  description: "An instant as RFC 3339, in UTC with milliseconds: 2026-04-16T09:30:00.000Z.",
  serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
});

const decimalShape = /^-?\d{1,18}(?:\.\d{1,10})?$/;

function decimal(value: unknown): string {
  if (typeof value === "string" && decimalShape.test(value)) return value;
  throw new TypeError("a decimal is a text such as 12.50");
}

/** An exact amount or rate: never a float (GQL-17). */
export const DecimalText = new GraphQLScalarType({
  name: "Decimal",
  description: "An exact decimal number as a text: 12.50.",
  serialize: (value) => String(value),
  parseValue: decimal,
  parseLiteral: (node: ValueNode) => decimal(node.kind === Kind.STRING ? node.value : undefined),
});

/** Values whose shape is data: facts of refusals, audit facts, the values of an event type. */
export const Json = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  name: "JSON",
  description: "Any JSON value: where the shape is data and not part of the contract.",
});

import { GraphQLScalarType, GraphQLSchema } from "graphql";

export const passThroughName = "Coerced";

/** The schema with a scalar that takes any value as it is, for variables that are coerced already. Never published. */
export function withPassThrough(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const passThrough = new GraphQLScalarType({ name: passThroughName, parseValue: (value) => value });
  return new GraphQLSchema({ ...config, types: [...config.types, passThrough], assumeValid: true });
}

import {
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLSchema,
} from "graphql";

const known = new WeakMap<DocumentNode, readonly string[]>();

/**
 * What a document uses that will be removed: fields, arguments, input fields and values, by their coordinates. The
 * access line names them with the client, so that one can see who has still to move before the day comes (GQL-42).
 */
export function deprecatedIn(schema: GraphQLSchema, document: DocumentNode): readonly string[] {
  let found = known.get(document);
  if (!found) known.set(document, (found = look(schema, document)));
  return found;
}

function look(schema: GraphQLSchema, document: DocumentNode): readonly string[] {
  const found = new Set<string>();
  const types = new TypeInfo(schema);
  const note = (
    coordinate: string,
    of: { readonly deprecationReason?: string | null | undefined } | null | undefined,
  ) => {
    if (of?.deprecationReason != null) found.add(coordinate);
  };
  const here = () => `${types.getParentType()?.name ?? ""}.${types.getFieldDef()?.name ?? ""}`;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: () => note(here(), types.getFieldDef()),
      Argument: ({ name }) => note(`${here()}(${name.value}:)`, types.getArgument() as GraphQLArgument | null),
      ObjectField: ({ name }) => {
        const parent = types.getParentInputType();
        const type = parent && "ofType" in parent ? parent.ofType : parent;
        if (type && "getFields" in type) note(`${type.name}.${name.value}`, type.getFields()[name.value]);
      },
      EnumValue: ({ value }) => note(value, types.getEnumValue() as GraphQLEnumValue | null),
    }),
  );
  return [...found];
}

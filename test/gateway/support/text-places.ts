import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
} from "graphql";

/** The way into an input to one text, field by field. */
export type TextPlace = readonly GraphQLInputField[];

/** Every place of an input where a text may stand, however deep. */
export function textPlaces(type: GraphQLInputObjectType, scalars: readonly string[] = ["String", "ID"]): TextPlace[] {
  return Object.values(type.getFields()).flatMap((field): TextPlace[] => {
    const named = getNamedType(field.type);
    if (isInputObjectType(named)) return textPlaces(named, scalars).map((inner) => [field, ...inner]);
    return scalars.includes(named.name) ? [[field]] : [];
  });
}

// Of these an input names one: a text in one place stands there instead of the others.
const instead: Readonly<Record<string, readonly string[]>> = {
  importConnection: ["metadataXml", "metadataUrl", "manual"],
};

/** An input with a text (where JSON stands: any value) in one place, and around it the least that has to be there. */
export function withTextAt(name: string, input: object, place: TextPlace, text: unknown): object {
  const others = instead[name]?.includes(place[0]!.name) ? instead[name] : [];
  const kept = Object.fromEntries(Object.entries(input).filter(([key]) => !others.includes(key)));
  return withText(kept, place, text);
}

function withText(around: object, [field, ...inner]: TextPlace, text: unknown): object {
  const { name, type } = field!;
  const named = getNamedType(type);
  const value = isInputObjectType(named) ? withText(least(named), inner, text) : text;
  return { ...around, [name]: isListType(getNullableType(type)) ? [value] : value };
}

/** What an input needs at least. */
function least(type: GraphQLInputObjectType): object {
  const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
  return Object.fromEntries(needed.map((field) => [field.name, leastOf(field)]));
}

function leastOf({ type }: GraphQLInputField): unknown {
  const named = getNamedType(type);
  if (isListType(getNullableType(type))) return [];
  if (isInputObjectType(named)) return least(named);
  if (isEnumType(named)) return named.getValues()[0]!.name;
  return named.name === "Int" ? 1 : named.name === "Boolean" ? true : "x";
}

import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";

import { roots } from "../../../services/gateway/roots";

export interface Generated {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** A stream of numbers from 0 to below 1 that a seed decides. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * A valid query drawn from the schema: nested selections, aliases, fragments, conditions by variable, pages by literal
 * and by variable, filters and orders. Equal seeds draw equal queries.
 */
export function generateQuery(schema: GraphQLSchema, seed: number, ids: readonly string[]): Generated {
  const next = numbers(seed);
  const chance = (p: number) => next() < p;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const definitions: string[] = [];
  const variables: Record<string, unknown> = {};
  const fragments: string[] = [];
  let names = 0;

  const variable = (type: string, value: unknown): string => {
    const name = `v${++names}`;
    definitions.push(`$${name}: ${type}`);
    variables[name] = value;
    return `$${name}`;
  };

  function valueOf(argument: GraphQLArgument): string | undefined {
    const type = getNamedType(argument.type);
    switch (argument.name) {
      case "first":
        return chance(0.5) ? String(1 + Math.floor(next() * 3)) : variable("Int", 1 + Math.floor(next() * 3));
      case "last":
      case "after":
      case "before":
        return undefined;
      case "id":
      case "memberId":
        return chance(0.6) ? variable("ID!", pick(ids)) : JSON.stringify(pick(ids));
      case "ids":
        return variable("[ID!]!", [pick(ids), pick(ids)]);
      case "slug":
        return undefined;
    }
    if (isEnumType(type)) return pick(type.getValues()).name;
    if (type.name === "Boolean") return String(chance(0.5));
    if (type.name === "ID") return JSON.stringify(pick(ids));
    if (isInputObjectType(type)) {
      const given = Object.values(type.getFields()).flatMap((field) => {
        const inner = getNamedType(field.type);
        if (!chance(0.4)) return [];
        if (isEnumType(inner)) {
          const one = pick(inner.getValues()).name;
          return [`${field.name}: ${isListType(getNullableType(field.type)) ? `[${one}]` : one}`];
        }
        if (inner.name === "String" && !isListType(getNullableType(field.type))) {
          return [`${field.name}: ${chance(0.5) ? '"o"' : variable("String", "a")}`];
        }
        return [];
      });
      return `{ ${given.join(", ")} }`;
    }
    return undefined;
  }

  function argumentsOf(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.flatMap((argument) => {
      const required = argument.type.toString().endsWith("!") || argument.name === "first";
      const value = required || chance(0.4) ? valueOf(argument) : undefined;
      return value === undefined ? [] : [`${argument.name}: ${value}`];
    });
    return given.length === 0 ? "" : `(${given.join(", ")})`;
  }

  function condition(): string {
    if (!chance(0.06)) return "";
    const value = variable("Boolean!", chance(0.5));
    return chance(0.5) ? ` @include(if: ${value})` : ` @skip(if: ${value})`;
  }

  function selection(type: GraphQLObjectType, depth: number): string {
    const all = Object.values(type.getFields());
    const usable = all.filter(({ type: t }) => depth > 0 || !isCompositeType(getNamedType(t)));
    const chosen = usable.filter(() => chance(type.getFields()["pageInfo"] ? 0.7 : 0.35)).slice(0, 6);
    if (chosen.length === 0 && usable[0]) chosen.push(pick(usable));
    const parts = chosen.flatMap((field): string[] => {
      const text = one(field, depth);
      return text === undefined ? [] : [text];
    });
    if (chance(0.2)) parts.push("__typename");
    const body = parts.length === 0 ? "__typename" : parts.join(" ");
    if (chance(0.08)) {
      const name = `F${++names}`;
      fragments.push(`fragment ${name} on ${type.name} { ${body} }`);
      return `...${name}${condition()} __typename`;
    }
    return chance(0.06) ? `... on ${type.name}${condition()} { ${body} } __typename` : body;
  }

  function one(field: GraphQLField<unknown, unknown>, depth: number): string | undefined {
    const type = getNamedType(field.type);
    const alias = chance(0.15) ? `a${++names}: ` : "";
    if (!isCompositeType(type)) return `${alias}${field.name}${condition()}`;
    if (!isObjectType(type)) return undefined;
    // The second place of a field has an alias, because its arguments may differ.
    const head = `${field.args.length > 0 && alias === "" ? `a${++names}: ` : alias}${field.name}${argumentsOf(field)}`;
    return `${head}${condition()} { ${selection(type, depth - 1)} }`;
  }

  const query = schema.getQueryType() as GraphQLObjectType;
  // What is not planned is answered by graphql-js in both cases.
  const planned = Object.values(query.getFields()).filter(({ name }) => Object.hasOwn(roots, name));
  const chosen = Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(planned));
  const body = chosen.map((field) => one(field, 5) ?? "__typename").join(" ");
  const head = definitions.length === 0 ? "" : `(${definitions.join(", ")})`;
  return { query: `query Drawn${head} { ${body} } ${fragments.join(" ")}`, variables };
}

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
import { numbers, type Generated } from "./generate";
import { documentOf, inputTypeOf, mutationNames } from "./mutation-table";

/** What values are drawn from. */
export interface Pool {
  /** An input of a mutation with which it would be done. */
  readonly sense: (name: string) => object;
  readonly ids: readonly string[];
  readonly texts: readonly string[];
}

/** What draws a key of RSA: half a second of chance each, so they come seldom. */
export const keyMakers = ["addSpKey", "createConnection", "importConnection"];

const sizes = [-1, 0, 1, 2, 5, 100, 101, 2 ** 31 - 1, -(2 ** 31)];
const instants = ["2026-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z", "tomorrow"];

/**
 * A mutation of the schema with an input of its type. Most of what it needs makes sense, the rest is drawn: ids of our own
 * and of other organizations, texts that are too long, empty or hostile, numbers at their ends. Equal seeds draw equal
 * mutations.
 */
export function generateMutation(seed: number, pool: Pool): Generated {
  const next = numbers(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const drawn = pick(mutationNames);
  const name = keyMakers.includes(drawn) && next() < 0.8 ? pick(mutationNames) : drawn;

  function json(depth: number): unknown {
    const kinds = [() => pick(pool.texts), () => pick(sizes), () => null, () => next() < 0.5];
    const nested = [() => ({ name: json(0), [pick(pool.texts)]: json(depth - 1) }), () => [json(depth - 1)]];
    return pick(depth > 0 ? [...kinds, ...nested, ...nested] : kinds)();
  }

  function one(field: GraphQLInputField, depth: number): unknown {
    const type = getNamedType(field.type);
    if (isInputObjectType(type)) return input(type, depth - 1);
    if (isEnumType(type)) return pick(type.getValues()).name;
    if (type.name === "ID") return next() < 0.9 ? pick(pool.ids) : pick(pool.texts);
    if (type.name === "Int") return next() < 0.5 ? 1 + Math.floor(next() * 20) : pick(sizes);
    if (type.name === "Boolean") return next() < 0.5;
    if (type.name === "DateTime") return pick(instants);
    return type.name === "String" ? pick(pool.texts) : json(2);
  }

  function value(field: GraphQLInputField, depth: number): unknown {
    if (!isNonNullType(field.type) && next() < 0.1) return null;
    if (!isListType(getNullableType(field.type))) return one(field, depth);
    return Array.from({ length: Math.floor(next() * 4) }, () => one(field, depth));
  }

  function input(type: GraphQLInputObjectType, depth: number): object {
    const given = Object.values(type.getFields()).filter(
      (field) => isNonNullType(field.type) || (depth > 0 && next() < 0.3),
    );
    return Object.fromEntries(given.map((field) => [field.name, value(field, depth)]));
  }

  const kept = Object.entries(pool.sense(name)).filter(() => next() < 0.85);
  return {
    query: documentOf(name, 1),
    variables: { input: { ...input(inputTypeOf(name), 3), ...Object.fromEntries(kept) } },
  };
}

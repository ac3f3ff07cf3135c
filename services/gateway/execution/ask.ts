import type { Tx } from "../../platform/unit-of-work";
import type { GatewayContext } from "../context";
import { toGraphQL } from "../errors/to-graphql";
import { inUnitOfWork } from "./unit";

/** Asks a use case that computes its answer: what no read plan can say. */
export async function ask<T>(context: GatewayContext, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await inUnitOfWork(context, work);
  } catch (error) {
    throw toGraphQL(error, context);
  }
}

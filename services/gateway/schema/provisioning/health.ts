import { Field, ID, Int, ObjectType } from "type-graphql";
import { publicId, type ProvisioningEntryId } from "../../../kernel/ids";
import type { ConnectionHealth } from "../../../domain/provisioning";
import { ScimState } from "../enums";
import { DateTime, DecimalText } from "../scalars";
import { HealthVerdict } from "./enums";

@ObjectType("ProvisioningFailure", { simpleResolvers: true, description: "One way in which requests are refused." })
export class ProvisioningFailure {
  @Field(() => Int, { description: "The status." })
  status!: number;

  @Field(() => String, { nullable: true, description: "The word of SCIM for it." })
  scimType!: string | null;

  @Field(() => String, { description: "Of requests with this method." })
  method!: string;

  @Field(() => Int, { description: "How often." })
  count!: number;

  @Field(() => DateTime, { description: "Last time." })
  lastAt!: Date;

  @Field(() => String, { nullable: true, description: "The sentence of the newest." })
  detail!: string | null;

  @Field(() => ID, { description: "The entry of the newest." })
  entryId!: string;
}

@ObjectType("ProvisioningClient", { simpleResolvers: true, description: "A program that speaks through a connection." })
export class ProvisioningClient {
  @Field(() => String, { description: "What it calls itself." })
  userAgent!: string;

  @Field(() => String, { nullable: true, description: "The product, where it can be told." })
  product!: string | null;

  @Field(() => Int, { description: "How many of the logged requests are its." })
  requests!: number;

  @Field(() => DateTime, { description: "Last time." })
  lastAt!: Date;
}

@ObjectType("ProvisioningHealth", { simpleResolvers: true, description: "How a SCIM connection fares." })
export class ProvisioningHealth {
  @Field(() => HealthVerdict, { description: "In one word: FAILING from one refusal in ten on." })
  verdict!: string;

  @Field(() => ScimState, { description: "Whether provisioning is on." })
  scimState!: string;

  @Field(() => DateTime, { description: "From when on was counted." })
  since!: Date;

  @Field(() => DateTime, { nullable: true, description: "The last request of any sort, to within five minutes." })
  lastRequestAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "The last write that was done." })
  lastSuccessAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "The last request that was refused." })
  lastFailureAt!: Date | null;

  @Field(() => Int, { description: "How many were logged: every write and every refusal." })
  requests!: number;

  @Field(() => Int, { description: "How many of them were refused." })
  failures!: number;

  @Field(() => DecimalText, { nullable: true, description: "The share of refusals, 0 to 1, in four digits." })
  errorRate!: string | null;

  @Field(() => Int, { nullable: true, description: "Half of the requests took at most so many milliseconds." })
  medianMs!: number | null;

  @Field(() => Int, { nullable: true, description: "95 of 100 took at most so many." })
  p95Ms!: number | null;

  @Field(() => DateTime, { nullable: true, description: "When the first live token ends." })
  tokenExpiresAt!: Date | null;

  @Field(() => [ProvisioningFailure], { description: "The ways of failing, the commonest first." })
  errors!: ProvisioningFailure[];

  @Field(() => [ProvisioningClient], { description: "Who speaks, the latest first." })
  clients!: ProvisioningClient[];
}

export function healthNode({ errors, clients, errorRate, ...health }: ConnectionHealth): ProvisioningHealth {
  return {
    ...health,
    errorRate: errorRate === null ? null : errorRate.toFixed(4),
    clients: [...clients],
    errors: errors.map((error) => ({
      ...error,
      entryId: publicId("provisioningEntry", error.entryId as ProvisioningEntryId),
    })),
  };
}

import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { connectionOf, PageArguments } from "../page";
import { known, typeNamed } from "../registry";
import { DateTime, Json } from "../scalars";
import { ProvisioningOrder, SeatEffect } from "./enums";

@ObjectType("ProvisioningEntry", {
  simpleResolvers: true,
  description: "One request of an identity provider: every write, and everything that was refused.",
})
export class ProvisioningEntryNode {
  @Field(() => ID, { description: "Public id." })
  id!: string;

  @Field(() => DateTime, { description: "When." })
  at!: string;

  @Field(() => typeNamed("IdentityConnection"), { nullable: true, description: "By which connection." })
  connection!: object | null;

  @Field(() => String, { nullable: true, description: "The name of its token, or who did it again." })
  tokenName!: string | null;

  @Field(() => String, { description: "POST, PUT, PATCH, DELETE, or GET where it was refused." })
  method!: string;

  @Field(() => String, { description: "Below the base URL of the connection." })
  path!: string;

  @Field(() => ID, { nullable: true, description: "The member or group that it named or made." })
  resourceId!: string | null;

  @Field(() => typeNamed("Member"), { nullable: true, description: "The member, where it is one and still there." })
  member!: object | null;

  @Field(() => Int, { description: "The status that was answered." })
  status!: number;

  @Field(() => String, { nullable: true, description: "Why it was refused, as SCIM says it." })
  scimType!: string | null;

  @Field(() => String, { nullable: true, description: "The sentence of the refusal." })
  detail!: string | null;

  @Field(() => Json, { description: "What was understood otherwise than it was written: path, rule, from, to." })
  coercions!: object;

  @Field(() => Json, { description: "What was ignored or has no effect: path, text." })
  warnings!: object;

  @Field(() => Json, { nullable: true, description: "The names of the attributes that changed." })
  changed!: object | null;

  @Field(() => SeatEffect, { nullable: true, description: "What it did to the seats." })
  seatEffect!: string | null;

  @Field(() => Int, { description: "How long it took, in milliseconds." })
  durationMs!: number;

  @Field(() => String, { nullable: true, description: "What the client calls itself." })
  userAgent!: string | null;

  @Field(() => String, { description: "The number that its answer carried." })
  requestId!: string;

  @Field(() => ID, { nullable: true, description: "The entry that was done again here." })
  replayOf!: string | null;

  @Field(() => ID, { nullable: true, description: "The preview in whose copy it was done." })
  previewId!: string | null;
}

known("ProvisioningEntry", ProvisioningEntryNode);
export const ProvisioningEntryConnection = connectionOf("ProvisioningEntry", () => ProvisioningEntryNode);

@InputType("ProvisioningFilter", { description: "Which requests; conditions are joined by and." })
export class ProvisioningFilter {
  @Field(() => ID, { nullable: true, description: "By this connection." })
  connectionId?: string;

  @Field(() => ID, { nullable: true, description: "About this member or group." })
  resourceId?: string;

  @Field(() => Boolean, { nullable: true, description: "True: only what was refused; false: only what was done." })
  failed?: boolean;

  @Field(() => [String], { nullable: true, description: "With one of these methods." })
  method?: string[];

  @Field(() => [String], { nullable: true, description: "Refused with one of these words of SCIM." })
  scimType?: string[];

  @Field(() => ID, { nullable: true, description: "Done in this preview." })
  previewId?: string;

  @Field(() => ID, { nullable: true, description: "Done again from this entry." })
  replayOf?: string;

  @Field(() => DateTime, { nullable: true, description: "From this instant on." })
  from?: Date;

  @Field(() => DateTime, { nullable: true, description: "Before this instant." })
  to?: Date;
}

@ArgsType()
export class ProvisioningArguments extends PageArguments {
  @Field(() => ProvisioningFilter, { nullable: true, description: "Which requests." })
  filter?: ProvisioningFilter;

  @Field(() => ProvisioningOrder, { nullable: true, description: "In which order; newest first without it." })
  orderBy?: string;
}

@ObjectType("ProvisioningExchange", {
  simpleResolvers: true,
  description: "What was asked and answered, without secrets.",
})
export class ProvisioningExchange {
  @Field(() => ID, { description: "The entry of the log." })
  entryId!: string;

  @Field(() => Json, { description: "Method, path, query and body as they came; passwords are taken out." })
  request!: object;

  @Field(() => Json, { description: "Status and, where it was refused, the body of the refusal." })
  answer!: object;

  @Field(() => String, { nullable: true, description: "Why it cannot be done again; absent where it can." })
  notReplayable!: string | null;
}

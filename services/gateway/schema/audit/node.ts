import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { AuditOrder, AuditResult } from "../enums";
import { connectionOf, PageArguments } from "../page";
import { known, typeNamed } from "../registry";
import { DateTime, Json } from "../scalars";

@ObjectType("AuditActor", { simpleResolvers: true, description: "Who acted." })
export class AuditActor {
  @Field(() => String, { description: "person, token, scim, saml, operator, system or public." })
  kind!: string;

  @Field(() => ID, { nullable: true, description: "Public id of the member, token or connection." })
  id!: string | null;
}

@ObjectType("AuditTarget", { simpleResolvers: true, description: "What it was done to." })
export class AuditTarget {
  @Field(() => String, { description: "What sort of thing." })
  kind!: string;

  @Field(() => ID, { nullable: true, description: "Its public id." })
  id!: string | null;
}

@ObjectType("AuditEntry", { simpleResolvers: true, description: "One line of the audit log. Never changed." })
export class AuditEntryNode {
  @Field(() => ID, { description: "Public id." })
  id!: string;

  @Field(() => DateTime, { description: "When." })
  at!: string;

  @Field(() => String, { description: "What was done: member.suspend, seat.take …" })
  action!: string;

  @Field(() => AuditResult, { description: "Done or denied." })
  result!: string;

  @Field(() => AuditActor, { description: "Who acted." })
  actor!: AuditActor;

  @Field(() => typeNamed("Member"), { nullable: true, description: "The member who acted, where one did." })
  actorMember!: object | null;

  @Field(() => AuditTarget, { nullable: true, description: "What it was done to." })
  target!: AuditTarget | null;

  @Field(() => Json, { description: "What is known of it, without personal values." })
  facts!: object;

  @Field(() => Json, { nullable: true, description: "Personal values before, unless they were erased." })
  before!: object | null;

  @Field(() => Json, { nullable: true, description: "Personal values after, unless they were erased." })
  after!: object | null;

  @Field(() => String, { description: "The number of the request, as in the log and in error answers." })
  requestId!: string;

  @Field(() => String, { nullable: true, description: "From which network address." })
  ip!: string | null;

  @Field(() => String, { nullable: true, description: "With which program." })
  userAgent!: string | null;

  @Field(() => Int, { nullable: true, description: "Its number in the sealed chain; absent for the first second." })
  seq!: number | null;
}

known("AuditEntry", AuditEntryNode);
export const AuditEntryConnection = connectionOf("AuditEntry", () => AuditEntryNode);

@InputType("AuditFilter", { description: "Which entries; conditions are joined by and." })
export class AuditFilter {
  @Field(() => [String], { nullable: true, description: "One of these actions." })
  action?: string[];

  @Field(() => AuditResult, { nullable: true, description: "Done or denied." })
  result?: string;

  @Field(() => ID, { nullable: true, description: "By this member, token or connection." })
  actorId?: string;

  @Field(() => ID, { nullable: true, description: "Done to this." })
  targetId?: string;

  @Field(() => DateTime, { nullable: true, description: "From this instant on." })
  from?: Date;

  @Field(() => DateTime, { nullable: true, description: "Before this instant." })
  to?: Date;
}

@ArgsType()
export class AuditArguments extends PageArguments {
  @Field(() => AuditFilter, { nullable: true, description: "Which entries." })
  filter?: AuditFilter;

  @Field(() => AuditOrder, { nullable: true, description: "In which order; newest first without it." })
  orderBy?: string;
}

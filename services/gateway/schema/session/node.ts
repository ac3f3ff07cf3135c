import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { closedSet, CreationOrder } from "../enums";
import { NodeInterface } from "../node-interface";
import { connectionOf, PageArguments } from "../page";
import { Payload, payloadOf } from "../payload";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";

export const SignInMethod = closedSet("SignInMethod", "By which way somebody signed in.", [
  "LINK",
  "SAML",
  "BREAK_GLASS",
]);

@ObjectType("LoginSession", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "Somebody who is signed in, in one browser.",
})
export class LoginSessionNode extends NodeInterface {
  @Field(() => SignInMethod, { description: "By which way." })
  method!: string;

  @Field(() => Boolean, { description: "Whether it is the one that asks." })
  isCurrent!: boolean;

  @Field(() => DateTime, { description: "When they proved who they are." })
  signedInAt!: string;

  @Field(() => DateTime, { description: "When it ends unless it is used before." })
  idleUntil!: string;

  @Field(() => DateTime, { description: "When it ends at the latest." })
  endsAt!: string;

  @Field(() => DateTime, { nullable: true, description: "When it was ended." })
  endedAt!: string | null;

  @Field(() => DateTime, { description: "When it began." })
  createdAt!: string;

  @Field(() => typeNamed("Member"), { nullable: true, description: "Who." })
  member!: object | null;

  @Field(() => typeNamed("IdentityConnection"), { nullable: true, description: "Through which connection." })
  connection!: object | null;
}

@ArgsType()
export class SessionArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: "Whose; your own without it." })
  memberId?: string;

  @Field(() => CreationOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}

@InputType("RevokeSessionInput", { description: "Which session." })
export class RevokeSessionInput {
  @Field(() => ID, { description: "ses_…" })
  sessionId!: string;
}

@InputType("RevokeMemberSessionsInput", { description: "Whose sessions." })
export class RevokeMemberSessionsInput {
  @Field(() => ID, { description: "mem_…" })
  memberId!: string;
}

export const RevokeSessionPayload = payloadOf("RevokeSessionPayload", "session", {
  type: () => LoginSessionNode,
  description: "As it is now.",
});

@ObjectType("RevokeMemberSessionsPayload", { simpleResolvers: true, description: "What RevokeMemberSessions answers with." })
export class RevokeMemberSessionsPayload extends Payload {
  @Field(() => Int, { nullable: true, description: "How many have ended." })
  sessionsEnded!: number | null;
}

known("LoginSession", LoginSessionNode);
export const LoginSessionConnection = connectionOf("LoginSession", () => LoginSessionNode);

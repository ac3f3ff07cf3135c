import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import {
  acceptCertificate,
  addCertificate,
  addSpKey,
  compromiseCertificate,
  moveSpKey,
  retireCertificate,
  type SpKeyStatus,
  type SpKeyUse,
} from "../../../domain/identity";
import type { IdpCertificateId } from "../../../kernel/ids";
import type { Tx } from "../../../platform/unit-of-work";
import type { GatewayContext } from "../../context";
import { act, type Outcome } from "../../execution/act";
import { requireIn } from "../../execution/unit";
import { idAt } from "../inputs";
import {
  AcceptIdpCertificateInput,
  AddIdpCertificateInput,
  AddSpKeyInput,
  ReportIdpCertificateCompromisedInput,
  RetireIdpCertificateInput,
  SetSpKeyStatusInput,
} from "./inputs";
import {
  AcceptIdpCertificatePayload,
  AddIdpCertificatePayload,
  AddSpKeyPayload,
  ReportIdpCertificateCompromisedPayload,
  RetireIdpCertificatePayload,
  SetSpKeyStatusPayload,
} from "./payloads";

const showsCertificate = { certificate: "idpCertificateById" } as const;
const showsKey = { key: "spKeyById" } as const;

/** What the two sides of a connection check each other by. */
@Resolver()
export class ConnectionKeyMutations {
  @Mutation(() => AddIdpCertificatePayload, { description: "Adds a certificate beside those that vouch, five at most." })
  async addIdpCertificate(
    @Arg("input", () => AddIdpCertificateInput, { description: "Which." }) input: AddIdpCertificateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: showsCertificate,
      async work(tx) {
        const connectionId = idAt("connectionId", "connection", input.connectionId);
        return { certificate: (await addCertificate(tx, { connectionId, certificate: input.certificate })).id };
      },
    });
  }

  @Mutation(() => AcceptIdpCertificatePayload, { description: "Takes a certificate into use that metadata announced." })
  async acceptIdpCertificate(
    @Arg("input", () => AcceptIdpCertificateInput, { description: "Which." }) input: AcceptIdpCertificateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return ofCertificate({ context, info, input }, acceptCertificate);
  }

  @Mutation(() => RetireIdpCertificatePayload, { description: "Lets a certificate vouch no more; its sessions go on." })
  async retireIdpCertificate(
    @Arg("input", () => RetireIdpCertificateInput, { description: "Which." }) input: RetireIdpCertificateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return ofCertificate({ context, info, input }, retireCertificate);
  }

  @Mutation(() => ReportIdpCertificateCompromisedPayload, {
    description: "Says that a certificate's key is in wrong hands: it vouches for nothing, and every session of the connection ends.",
  })
  async reportIdpCertificateCompromised(
    @Arg("input", () => ReportIdpCertificateCompromisedInput, { description: "Which." })
    input: ReportIdpCertificateCompromisedInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return ofCertificate({ context, info, input }, compromiseCertificate, ({ sessionsEnded }) => ({ sessionsEnded }));
  }

  @Mutation(() => AddSpKeyPayload, { description: "Makes a key of our own: the first of its use is active, others wait to be published." })
  async addSpKey(
    @Arg("input", () => AddSpKeyInput, { description: "For what." }) input: AddSpKeyInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, async () => {
      const { entrance, gateway } = await requireIn(context, "identity:write");
      const connectionId = idAt("connectionId", "connection", input.connectionId);
      const { id } = await addSpKey(gateway.db, entrance, { connectionId, use: input.use as SpKeyUse });
      return { shows: showsKey, work: () => Promise.resolve({ key: id }) };
    });
  }

  @Mutation(() => SetSpKeyStatusPayload, { description: "Takes a key of ours a step further, or back." })
  async setSpKeyStatus(
    @Arg("input", () => SetSpKeyStatusInput, { description: "Which step." }) input: SetSpKeyStatusInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: showsKey,
      async work(tx) {
        const id = idAt("keyId", "spKey", input.keyId);
        await moveSpKey(tx, { id, to: input.status as SpKeyStatus });
        return { key: id };
      },
    });
  }
}

interface AskedOfCertificate {
  readonly context: GatewayContext;
  readonly info: GraphQLResolveInfo;
  readonly input: { readonly certificateId: string };
}

/** One step of a certificate; the payload shows it as it is then, and what else there is to tell. */
async function ofCertificate<T>(
  { context, info, input }: AskedOfCertificate,
  step: (tx: Tx, input: { id: IdpCertificateId }) => Promise<T>,
  told: (done: T) => Outcome = () => ({}),
): Promise<unknown> {
  return act(context, info, {
    shows: showsCertificate,
    async work(tx) {
      const id = idAt("certificateId", "idpCertificate", input.certificateId);
      return { certificate: id, ...told(await step(tx, { id })) };
    },
  });
}

import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import { changeDomain, checkDomain, claimDomain, removeDomain } from "../../../domain/identity";
import { publicId } from "../../../kernel/ids";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { requireIn } from "../../execution/unit";
import { changeOf, idAt, idOrNull, optional, optionalId } from "../inputs";
import { CheckDomainInput, ClaimDomainInput, RemoveDomainInput, UpdateDomainInput } from "./node";
import { CheckDomainPayload, ClaimDomainPayload, RemoveDomainPayload, UpdateDomainPayload } from "./payloads";

const shows = { domain: "verifiedDomainById" } as const;

@Resolver()
export class DomainMutations {
  @Mutation(() => ClaimDomainPayload, { description: "Lists a domain and tells which DNS record proves it." })
  async claimDomain(
    @Arg("input", () => ClaimDomainInput, { description: "Which." }) input: ClaimDomainInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows,
      async work(tx) {
        const claimed = await claimDomain(tx, {
          domain: input.domain,
          ...optional("subdomains", input.includesSubdomains),
          ...optionalId("connectionId", "connection", input.connectionId),
        });
        return { domain: claimed.id };
      },
    });
  }

  @Mutation(() => CheckDomainPayload, { description: "Looks for the proof in the DNS now." })
  async checkDomain(
    @Arg("input", () => CheckDomainInput, { description: "Which." }) input: CheckDomainInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, async () => {
      const { entrance, gateway } = await requireIn(context, "identity:write");
      const id = idAt("domainId", "domain", input.domainId);
      const { proved, answered } = await checkDomain(gateway.db, entrance, { id }, gateway.outside.resolveTxt);
      return { shows, work: () => Promise.resolve({ domain: id, proved, answered }) };
    });
  }

  @Mutation(() => UpdateDomainPayload, { description: "Says where the people of a domain sign in." })
  async updateDomain(
    @Arg("input", () => UpdateDomainInput, { description: "What to change." }) input: UpdateDomainInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows,
      async work(tx) {
        const id = idAt("domainId", "domain", input.domainId);
        const { includesSubdomains: subdomains } = changeOf(input, ["includesSubdomains"]);
        const connectionId = idOrNull("connectionId", "connection", input.connectionId);
        await changeDomain(tx, { id, ...connectionId, ...optional("subdomains", subdomains) });
        return { domain: id };
      },
    });
  }

  @Mutation(() => RemoveDomainPayload, { description: "Takes a domain off the list; nobody new joins by it." })
  async removeDomain(
    @Arg("input", () => RemoveDomainInput, { description: "Which." }) input: RemoveDomainInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const id = idAt("domainId", "domain", input.domainId);
        await removeDomain(tx, { id });
        return { domainId: publicId("domain", id) };
      },
    });
  }
}

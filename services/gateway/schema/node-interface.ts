import { Field, ID, InterfaceType } from "type-graphql";

/** What has an id of its own and can be asked for by it. */
@InterfaceType("Node", {
  description: "A thing with an id of its own; `node(id:)` finds it again.",
  resolveType: (value: { readonly __typename: string }) => value.__typename,
})
export abstract class NodeInterface {
  @Field(() => ID, { description: "Public id: a prefix and 26 digits. Opaque." })
  id!: string;
}

// Keycloak's administration, over its own REST interface: what an administrator clicks in its console.
import assert from "node:assert/strict";

export const realm = "acme";

export class Keycloak {
  constructor(origin) {
    this.origin = origin;
  }

  /** One call; answers its JSON, or nothing where it answers nothing. */
  async call(method, path, body, type = "application/json") {
    const token = await this.token();
    const answer = await fetch(`${this.origin}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": type },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  // Its tokens live for a minute.
  async token() {
    const body = new URLSearchParams({
      grant_type: "password",
      client_id: "admin-cli",
      username: "admin",
      password: "admin",
    });
    const answer = await fetch(`${this.origin}/realms/master/protocol/openid-connect/token`, { method: "POST", body });
    return (await answer.json()).access_token;
  }

  /** A realm with two people and a group. */
  async makeRealm() {
    const person = (username, firstName, lastName, email) => ({
      ...{ username, firstName, lastName, email, enabled: true, emailVerified: true, groups: ["/staff"] },
      credentials: [{ type: "password", value: `${username}pw`, temporary: false }],
    });
    await this.call("POST", "", {
      ...{ realm, enabled: true, sslRequired: "none", groups: [{ name: "staff" }] },
      users: [
        person("alice", "Alice", "Martin", "alice@acme.test"),
        person("mallory", "Mallory", "Roux", "mallory@elsewhere.test"),
      ],
    });
  }

  /** Makes a client of our metadata, as its console does at "Import client". */
  async importClient(metadata) {
    const described = await this.call("POST", `/${realm}/client-description-converter`, metadata, "application/xml");
    await this.call("POST", `/${realm}/clients`, described);
    const [client] = await this.call("GET", `/${realm}/clients?clientId=${encodeURIComponent(described.clientId)}`);
    this.clientId = client.id;
    return described;
  }

  /** Changes settings of the client: its own and its attributes. */
  async setClient(attributes, more = {}) {
    const client = await this.call("GET", `/${realm}/clients/${this.clientId}`);
    const changed = { ...client, ...more, attributes: { ...client.attributes, ...attributes } };
    await this.call("PUT", `/${realm}/clients/${this.clientId}`, changed);
  }

  /** The mappers of the guide: three that it has ready, and the list of groups. */
  async addMappers() {
    const mapper = (name, protocolMapper, config) => ({ name, protocol: "saml", protocolMapper, config });
    const property = (name, user, oid) =>
      mapper(`X500 ${name}`, "saml-user-property-mapper", {
        ...{ "user.attribute": user, "friendly.name": name, "attribute.name": `urn:oid:${oid}` },
        "attribute.nameformat": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
      });
    await this.call("POST", `/${realm}/clients/${this.clientId}/protocol-mappers/add-models`, [
      property("email", "email", "1.2.840.113549.1.9.1"),
      property("givenName", "firstName", "2.5.4.42"),
      property("surname", "lastName", "2.5.4.4"),
      mapper("groups", "saml-group-membership-mapper", {
        ...{ "attribute.name": "member", "attribute.nameformat": "Basic", single: "true", "full.path": "true" },
      }),
    ]);
  }

  /** A key of the realm, used or kept in reserve; answers its certificate and how to change it. */
  async addKey(name, config) {
    const { id: parentId } = await this.call("GET", `/${realm}`);
    const type = "org.keycloak.keys.KeyProvider";
    const wanted = { name, parentId, providerId: "rsa-generated", providerType: type, config };
    await this.call("POST", `/${realm}/components`, wanted);
    const [component] = await this.call("GET", `/${realm}/components?name=${name}&type=${type}`);
    const { keys } = await this.call("GET", `/${realm}/keys`);
    const { certificate } = keys.find((key) => key.providerId === component.id);
    return { component, certificate };
  }

  changeKey(component, config) {
    return this.call("PUT", `/${realm}/components/${component.id}`, {
      ...component,
      config: { ...component.config, ...config },
    });
  }
}

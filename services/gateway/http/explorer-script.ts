/** What runs in the browser on the explorer's page. Values reach the page as text nodes only. */
export const explorerScript = `
const byId = (id) => document.getElementById(id);
const send = async (body) => {
  const token = byId("token").value.trim();
  const headers = { "Content-Type": "application/json", Accept: "application/graphql-response+json" };
  if (token) headers.Authorization = "Bearer " + token;
  return fetch("/graphql", { method: "POST", headers, body: JSON.stringify(body) });
};
const run = async () => {
  byId("status").textContent = "…";
  try {
    const variables = byId("variables").value.trim();
    const began = performance.now();
    const response = await send({ query: byId("query").value, variables: variables ? JSON.parse(variables) : {} });
    const answer = await response.json();
    byId("answer").textContent = JSON.stringify(answer, null, 2);
    byId("status").textContent = response.status + ", " + Math.round(performance.now() - began) + " ms";
  } catch (error) {
    byId("answer").textContent = String(error);
    byId("status").textContent = "not sent";
  }
};
byId("run").addEventListener("click", run);
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
});
const node = (name, text, ...children) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
};
const ref = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
const shown = (t) => t.kind === "NON_NULL" ? shown(t.ofType) + "!" : t.kind === "LIST" ? "[" + shown(t.ofType) + "]" : t.name;
let types = [];
const list = () => {
  const wanted = byId("find").value.toLowerCase();
  const hit = (text) => text.toLowerCase().includes(wanted);
  byId("schema").replaceChildren(...types.flatMap((type) => {
    const members = type.fields || type.inputFields || type.enumValues || [];
    const rows = members.filter((m) => hit(type.name) || hit(m.name));
    if (rows.length === 0) return [];
    const terms = rows.flatMap((m) => {
      const args = m.args && m.args.length ? "(" + m.args.map((a) => a.name + ": " + shown(a.type)).join(", ") + ")" : "";
      return [node("dt", m.name + args + (m.type ? ": " + shown(m.type) : "")), node("dd", m.description || "")];
    });
    const details = node("details", "", node("summary", type.name), node("dl", "", ...terms));
    details.open = wanted !== "" || type.name === "Query";
    return [details];
  }));
};
byId("find").addEventListener("input", list);
send({ query: "{ __schema { types { name kind fields { name description type { " + ref + " } args { name type { " + ref +
  " } } } inputFields { name description type { " + ref + " } } enumValues { name description } } } }" })
  .then((response) => response.json())
  .then((answer) => {
    types = answer.data.__schema.types.filter((type) => !type.name.startsWith("__"))
      .sort((a, b) => (b.name === "Query") - (a.name === "Query") || (b.name === "Mutation") - (a.name === "Mutation") || a.name.localeCompare(b.name));
    list();
  })
  .catch(() => { byId("schema").textContent = "The schema could not be loaded."; });
`;

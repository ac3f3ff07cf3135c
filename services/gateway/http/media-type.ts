/** The types in which this door answers, by preference where a client does not care. */
export const mediaTypes = {
  json: "application/json; charset=utf-8",
  response: "application/graphql-response+json; charset=utf-8",
} as const;

/** In which type a client wants its answer; nothing where it takes neither. */
export function wantedType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === "" || accept === "*/*" || accept === "application/json")
    return mediaTypes.json;
  const ranges = accept.split(",").map((range) => {
    const [type = "", ...parameters] = range
      .toLowerCase()
      .split(";")
      .map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    return { type, q: q === undefined ? 1 : Number(q) || 0 };
  });
  const qualityOf = (type: string): number => {
    const exact = ranges.find((range) => range.type === type);
    const any = ranges.find((range) => range.type === "application/*") ?? ranges.find((range) => range.type === "*/*");
    return exact?.q ?? any?.q ?? 0;
  };
  const json = qualityOf("application/json");
  const response = qualityOf("application/graphql-response+json");
  if (json === 0 && response === 0) return undefined;
  if (response !== json) return response > json ? mediaTypes.response : mediaTypes.json;
  const first = ranges.find(({ type }) => type === "application/json" || type === "application/graphql-response+json");
  return first?.type === "application/graphql-response+json" ? mediaTypes.response : mediaTypes.json;
}

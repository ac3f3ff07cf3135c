import { BlockList, isIP } from "node:net";

/** Whether an address stands in a list of addresses and networks; an empty list lets everybody in. */
export function isAllowedFrom(list: readonly string[], ip: string | undefined): boolean {
  if (list.length === 0) return true;
  const address = ip?.replace(/^::ffff:(?=\d+\.)/, "");
  if (!address) return false;
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  const allowed = new BlockList();
  for (const entry of list) {
    const [net, bits] = entry.split("/") as [string, string?];
    const kind = isIP(net) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) allowed.addAddress(net, kind);
    else allowed.addSubnet(net, Number(bits), kind);
  }
  return allowed.check(address, family);
}

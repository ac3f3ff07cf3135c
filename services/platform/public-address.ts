import { BlockList, isIP } from "node:net";

// IANA's special-purpose registries (RFC 6890 and its updates): what lies inside somebody's network, ours first of all,
// or nowhere. An address that is not plainly on the internet is refused.
const closed4: readonly [network: string, bits: number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
// Within 2000::/3, the only range of global unicast: protocol assignments with Teredo, documentation, 6to4.
const closed6: readonly [network: string, bits: number][] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const inside = new BlockList();
for (const [network, bits] of closed4) inside.addSubnet(network, bits, "ipv4");
for (const [network, bits] of closed6) inside.addSubnet(network, bits, "ipv6");
const global6 = new BlockList();
global6.addSubnet("2000::", 3, "ipv6");

/** Whether an address lies on the public internet; also for the IPv4 address that one of IPv6 carries (SAML-07). */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !inside.check(address, "ipv4");
  if (family !== 6 || address.includes("%")) return false;
  const carried = carriedV4(groupsOf(address));
  if (carried !== undefined) return isPublicAddress(carried);
  return global6.check(address, "ipv6") && !inside.check(address, "ipv6");
}

// ::ffff:a.b.c.d (RFC 4291 §2.5.5.2) and 64:ff9b::a.b.c.d (NAT64, RFC 6052 §2.1) reach an IPv4 address.
function carriedV4(groups: readonly number[]): string | undefined {
  const head = groups.slice(0, 6).join(",");
  if (head !== "0,0,0,0,0,65535" && head !== "100,65435,0,0,0,0") return undefined;
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

// The URL parser writes every form of an IPv6 address in one way; what is left is to unfold the zeros.
function groupsOf(address: string): number[] {
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = "", tail] = plain.split("::");
  const numbers = (text: string) => (text === "" ? [] : text.split(":").map((group) => parseInt(group, 16)));
  if (tail === undefined) return numbers(head);
  const [first, last] = [numbers(head), numbers(tail)];
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}

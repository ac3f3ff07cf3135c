import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { IncomingMessage, ServerResponse } from "node:http";
import fc from "fast-check";
import { fetchSafely, metadataFetch, OutboundRefused, type Network } from "../../services/platform/outbound";
import { isPublicAddress } from "../../services/platform/public-address";
import { makeKeys } from "../support/saml-kit";

const host = "idp.acme.example";
const publicAddress = "93.184.215.14";

let server: Server;
let certificate: string;
let connections: number;
let answer: (req: IncomingMessage, res: ServerResponse) => void;

beforeAll(async () => {
  const keys = await makeKeys(host);
  certificate = keys.certificatePem;
  server = createServer({ key: keys.privateKeyPem, cert: keys.certificatePem }, (req, res) => answer(req, res));
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});
beforeEach(() => {
  connections = 0;
  answer = (_, res) => res.end("<metadata/>");
});
afterAll(() => new Promise((closed) => server.close(closed)));

/** Names as the test wants them; whatever is dialled ends at the test's own server. */
class Lab implements Network {
  readonly asked: string[] = [];
  readonly dialled: string[] = [];

  constructor(private readonly answers: Readonly<Record<string, readonly string[][]>>) {}

  async resolve(name: string): Promise<readonly string[]> {
    const round = this.asked.filter((asked) => asked === name).length;
    this.asked.push(name);
    const rounds = this.answers[name] ?? [];
    return rounds[Math.min(round, rounds.length - 1)] ?? [];
  }

  dial(address: string, port: number) {
    this.dialled.push(`${address}:${port}`);
    const local = server.address() as AddressInfo;
    return { host: "127.0.0.1", port: local.port, ca: certificate };
  }
}

const get = (url: string, lab: Network, more = {}) => fetchSafely({ ...metadataFetch, url, ...more }, lab);
const reason = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "answered",
    (error: unknown) => (error instanceof OutboundRefused ? error.reason : String(error)),
  );

test("SAML-07, SEC-34: a public host is asked at the vetted address, by its own name, without cookies", async () => {
  const lab = new Lab({ [host]: [[publicAddress]] });
  let seen: IncomingMessage | undefined;
  answer = (req, res) => {
    seen = req;
    res.setHeader("Set-Cookie", "a=b").end("<metadata/>");
  };

  const response = await get(`https://${host}/metadata?x=1`, lab);

  expect([response.status, response.body.toString()]).toEqual([200, "<metadata/>"]);
  expect(lab.asked).toEqual([host]);
  expect(lab.dialled).toEqual([`${publicAddress}:443`]);
  expect([seen?.url, seen?.headers.host, seen?.headers.cookie]).toEqual(["/metadata?x=1", host, undefined]);
});

test("SAML-A92: no packet reaches a target inside, however its address is written or found", async () => {
  const inside = [
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://[::1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[fd00::1]/",
    "https://[fe80::1]/",
    "https://10.1.2.3:8443/",
    "https://rebound.example/",
    "https://mixed.example/",
    "https://mapped.example/",
  ];
  const lab = new Lab({
    "rebound.example": [["192.168.1.1"]],
    "mixed.example": [[publicAddress, "127.0.0.1"]],
    "mapped.example": [["::ffff:7f00:1"]],
  });

  const reasons = await Promise.all(inside.map((url) => reason(get(url, lab))));

  expect(new Set(reasons)).toEqual(new Set(["address_not_public"]));
  expect([lab.dialled, connections]).toEqual([[], 0]);
});

test("SAML-A92: other schemes, ports, user names and unknown hosts are refused before anything is asked", async () => {
  const lab = new Lab({});
  const refusals = await Promise.all(
    [
      "http://idp.acme.example/",
      "file:///etc/passwd",
      "gopher://idp.acme.example/",
      "https://user:secret@idp.acme.example/",
      "https://idp.acme.example:22/",
      "not a url",
    ].map((url) => reason(get(url, lab))),
  );

  expect(refusals).toEqual(["url_scheme", "url_scheme", "url_scheme", "url_user_name", "url_port", "url_unreadable"]);
  expect(lab.asked).toEqual([]);
  expect(await reason(get("https://nowhere.example/", lab))).toBe("host_unknown");
  expect(connections).toBe(0);
});

test("SAML-A92: a name that answers differently the second time is not asked a second time", async () => {
  const lab = new Lab({ [host]: [[publicAddress], ["127.0.0.1"]] });

  await get(`https://${host}/`, lab);

  expect(lab.asked).toEqual([host]);
  expect(lab.dialled).toEqual([`${publicAddress}:443`]);
});

test("SAML-07, SAML-A92: two redirects are followed, each vetted again; none leads inside or to http", async () => {
  const lab = new Lab({ [host]: [[publicAddress]], "inside.example": [["10.0.0.8"]] });
  const steps = (...locations: string[]) => {
    let step = 0;
    answer = (_, res) => {
      const location = locations[step++];
      if (location === undefined) res.end("arrived");
      else res.writeHead(302, { Location: location }).end();
    };
  };

  steps("/one", `https://${host}:8443/two`);
  expect((await get(`https://${host}/`, lab)).url).toBe(`https://${host}:8443/two`);
  steps("/1", "/2", "/3");
  expect(await reason(get(`https://${host}/`, lab))).toBe("too_many_redirects");
  steps("https://inside.example/");
  expect(await reason(get(`https://${host}/`, lab))).toBe("address_not_public");
  steps("https://169.254.169.254/latest/");
  expect(await reason(get(`https://${host}/`, lab))).toBe("address_not_public");
  steps(`http://${host}/`);
  expect(await reason(get(`https://${host}/`, lab))).toBe("url_scheme");
  expect(lab.dialled.every((dialled) => dialled.startsWith(publicAddress))).toBe(true);
});

test("SAML-07: what is too large, compressed or slow is given up", async () => {
  const lab = new Lab({ [host]: [[publicAddress]] });
  const url = `https://${host}/`;
  answer = (_, res) => res.end(Buffer.alloc(metadataFetch.bytesMax));
  expect((await get(url, lab)).body.length).toBe(512 * 1024);
  answer = (_, res) => res.end(Buffer.alloc(metadataFetch.bytesMax + 1));
  expect(await reason(get(url, lab))).toBe("too_large");
  let sent = 0;
  answer = (_, res) => {
    // Without a length, and without end.
    const more = () => {
      sent += 65_536;
      if (!res.destroyed && sent < 50e6) res.write(Buffer.alloc(65_536), () => setImmediate(more));
    };
    more();
  };
  expect(await reason(get(url, lab))).toBe("too_large");
  expect(sent).toBeLessThan(20e6);
  answer = (_, res) => res.setHeader("Content-Encoding", "gzip").end("x");
  expect(await reason(get(url, lab))).toBe("encoded");
  answer = () => undefined;
  expect(await reason(get(url, lab, { timeoutMs: 100 }))).toBe("timed_out");
  const silent: Network = { resolve: () => new Promise(() => undefined), dial: lab.dial.bind(lab) };
  expect(await reason(get(url, silent, { timeoutMs: 100 }))).toBe("timed_out");
});

test("SAML-07: another name's certificate is no proof; the operator may allow private addresses", async () => {
  const lab = new Lab({ "other.example": [[publicAddress]], [host]: [["10.0.0.8"]] });

  expect(await reason(get("https://other.example/", lab))).toBe("failed");
  expect(await reason(get(`https://${host}/`, lab))).toBe("address_not_public");
  expect((await get(`https://${host}/`, lab, { privateAllowed: true })).status).toBe(200);
});

test("SAML-07: an address is public exactly when it is plainly on the internet, also inside one of IPv6", () => {
  expect(
    ["8.8.8.8", "93.184.215.14", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"].filter(isPublicAddress),
  ).toHaveLength(5);
  const closed = ["0.0.0.0", "100.64.1.1", "172.31.255.255", "192.0.2.1", "198.19.0.1", "224.0.0.1", "255.255.255.255"];
  const closed6 = [
    "::",
    "::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2001::1",
    "fc00::1",
    "ff02::1",
    "::127.0.0.1",
    "fe80::1%eth0",
  ];
  expect([...closed, ...closed6, "", "localhost", "1.2.3"].filter(isPublicAddress)).toEqual([]);

  fc.assert(
    fc.property(fc.ipV4(), (v4) => {
      const [a = 0, b = 0, c = 0, d = 0] = v4.split(".").map(Number);
      const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      const verdict = isPublicAddress(v4);
      expect([
        isPublicAddress(`::ffff:${v4}`),
        isPublicAddress(`::ffff:${hex}`),
        isPublicAddress(`64:ff9b::${hex}`),
      ]).toEqual([verdict, verdict, verdict]);
      if (a === 10 || a === 127 || (a === 192 && b === 168)) expect(verdict).toBe(false);
    }),
  );
});

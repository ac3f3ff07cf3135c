import { readFileSync } from "node:fs";
import { SAML, ValidateInResponseTo } from "@node-saml/node-saml";

// node-saml alone on one response again and again: signature, digest and its few checks, nothing of a sign-in.
interface Job {
  readonly response: string;
  readonly certificate: string;
  readonly callbackUrl: string;
  readonly audience: string;
  readonly seconds: number;
}

async function main(): Promise<void> {
  const job = JSON.parse(readFileSync(0, "utf8")) as Job;
  const saml = new SAML({
    callbackUrl: job.callbackUrl,
    issuer: job.audience,
    audience: job.audience,
    idpCert: job.certificate,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.never,
    acceptedClockSkewMs: 3_600_000,
  });
  const once = () => saml.validatePostResponseAsync({ SAMLResponse: job.response });
  for (let i = 0; i < 50; i++) await once();
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let count = 0;
  while (performance.now() - began < job.seconds * 1000) {
    await once();
    count += 1;
  }
  const used = process.cpuUsage(cpu);
  process.stdout.write(
    JSON.stringify({ count, cpuMs: (used.user + used.system) / 1000, wallMs: performance.now() - began }),
  );
}

void main();

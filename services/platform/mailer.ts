import { createTransport } from "nodemailer";
import type { Log } from "./log";

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The way out for mails. All of them are kept in `outgoing_mail` first; the worker sends from there (REL-12). */
export interface Mailer {
  /** Whether there is a mail server; without one mails stay where they are kept. */
  readonly sends: boolean;
  /** Hands a letter to the mail server; `id` makes a repeated sending recognisable. */
  send(id: string, letter: Letter): Promise<void>;
  close(): void;
}

const timeoutMs = 10_000;

/** The mailer of `SMTP_URL`. */
export function openMailer(smtpUrl: string | undefined, publicUrl: string, log: Log): Mailer {
  if (smtpUrl === undefined) {
    return {
      sends: false,
      send: () => Promise.reject(new Error("no mail server is configured")),
      close: () => undefined,
    };
  }
  const host = new URL(publicUrl).hostname;
  const from = new URL(smtpUrl).searchParams.get("from") ?? `Plenum <no-reply@${host}>`;
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 2,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  transport.on("error", (error) => log.warn({ err: error }, "the mail server was lost"));
  return {
    sends: true,
    async send(id, { to, subject, text, html }) {
      await transport.sendMail({ from, to, subject, text, html, messageId: `<${id}@${host}>` });
    },
    close: () => transport.close(),
  };
}

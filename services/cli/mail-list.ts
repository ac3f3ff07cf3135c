import { listMails } from "../platform/lobby";
import type { Command } from "./command";

const shownMax = 500;

/** `plenum mail list`: mails kept because no SMTP server is configured, newest first. */
export const mailList: Command = {
  name: "mail list",
  summary: "list the mails that were kept, newest first",
  async run(context) {
    const mails = await listMails(await context.database(), shownMax);
    const json = mails.map(({ to, subject, text, html, at }) => ({ to, subject, text, html, at: at.toISOString() }));
    return { json, text: json.map((mail) => `${mail.at}  ${mail.to}  ${mail.subject}`).join("\n") };
  },
};

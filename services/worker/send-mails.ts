import { markMailSent, takeUnsentMails } from "../platform/lobby";
import type { Log } from "../platform/log";
import type { Mailer } from "../platform/mailer";
import type { Database } from "../platform/unit-of-work";

const batch = 10;

/**
 * Hands kept mails to the mail server, at least once: one that it refuses comes again later and holds up no other
 * (REL-12). Answers whether a whole batch was taken.
 */
export async function sendMails(context: { db: Database; mailer: Mailer; log: Log }): Promise<boolean> {
  const { db, mailer, log } = context;
  const mails = await takeUnsentMails(db, batch);
  for (const { id, ...letter } of mails) {
    try {
      await mailer.send(id, letter);
      await markMailSent(db, id);
    } catch (error) {
      log.warn({ err: error, mail: id }, "the mail server did not take a mail; it comes again later");
    }
  }
  return mails.length === batch;
}

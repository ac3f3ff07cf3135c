import "reflect-metadata";
import { ConfigError, readConfig } from "./platform/config";
import { DirectoryInUse, NoEmbeddedServer } from "./platform/embedded";
import { MasterKeyUnknown } from "./platform/lobby";
import { openLog, type Log } from "./platform/log";
import { RoleTooStrong } from "./platform/role-check";
import { endOnSignal, type Ending } from "./platform/shutdown";
import { welcomeTable } from "./platform/welcome";
import { start } from "./start";
import { whatToOpen } from "./what-to-open";

/** EX_SOFTWARE of sysexits.h: something inside broke for good. */
const exitBroken = 70;

async function main(): Promise<void> {
  const config = readConfig();
  const log = openLog(config.logLevel);
  let endings: readonly Ending[] = [];
  const { end } = endOnSignal(log, () => endings);
  const broken = (error: unknown): void => {
    log.fatal({ err: error }, "this cannot go on");
    end(exitBroken);
  };
  process.on("uncaughtException", broken);
  process.on("unhandledRejection", broken);
  changeLevelOnSignal(log);

  const plenum = await start({ config, log, onFailure: broken });
  endings = plenum.endings;
  const rows = await whatToOpen(plenum.config, plenum.context);
  log.flush(() => process.stdout.write(welcomeTable(rows)));
}

// OPS-03: `kill -USR2` switches to debug lines and back while the process runs.
function changeLevelOnSignal(log: Log): void {
  const usual = log.level;
  process.on("SIGUSR2", () => {
    log.level = log.level === "debug" ? usual : "debug";
    log.info({ logLevel: log.level }, "log level changed");
  });
}

// What the operator can mend is told in words; a stack would only hide it.
const tellable = [ConfigError, DirectoryInUse, MasterKeyUnknown, NoEmbeddedServer, RoleTooStrong];

// A port that is taken; a database that is not there, does not know the role or refuses it (SQLSTATE 08, 28, 3D).
const tellableCodes = /^(?:E[A-Z_]+|(?:08|28|3D)...)$/;

main().catch((error: unknown) => {
  const code = (error as { code?: string }).code ?? "";
  const plain = tellable.some((kind) => error instanceof kind) || tellableCodes.test(code);
  process.stderr.write(`plenum: ${plain ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
});

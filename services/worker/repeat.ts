/** Something that runs again and again until it is stopped. */
export interface Repeating {
  /** Starts no further pass and waits for the one that runs. */
  stop(): Promise<void>;
}

/**
 * Runs `pass` over and over, never two at a time. Where it answers that there is more, at once; otherwise after a
 * pause. A pass that throws is told and comes again after the pause.
 */
export function repeat(options: {
  readonly everyMs: number;
  readonly pass: () => Promise<boolean>;
  readonly onError: (error: unknown) => void;
}): Repeating {
  const { everyMs, pass, onError } = options;
  let stopped = false;
  const isOpen = () => !stopped;
  let wake: () => void = () => undefined;
  const pause = () =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, everyMs);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  const running = (async () => {
    while (isOpen()) {
      const more = await pass().catch((error: unknown) => {
        onError(error);
        return false;
      });
      if (!more && isOpen()) await pause();
    }
  })();
  return {
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}

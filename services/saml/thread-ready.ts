/** A validation thread's first word: its modules are loaded, the wall clock of a job may start. */
export const threadReady = "ready";

import { parentPort } from "node:worker_threads";
import { threadReady } from "./thread-ready";
import { doJob, type ValidationJob } from "./validation-job";

// One thread of the pool: it says that its modules are loaded, then takes a job, answers, and takes the next.
parentPort?.on("message", (job: ValidationJob) => parentPort?.postMessage(doJob(job)));
parentPort?.postMessage(threadReady);

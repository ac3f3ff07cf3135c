import { parentPort } from "node:worker_threads";
import { doJob, type ValidationJob } from "./validation-job";

// One thread of the pool: it takes a job, answers, and takes the next.
parentPort?.on("message", (job: ValidationJob) => parentPort?.postMessage(doJob(job)));

// Job queues behind one face, each at the settings that were best for it here:
//   await open(name) → { clear, add(jobs), work(handler), waiting, close }
// A job is { id, at } with `at` in milliseconds; as much beside it as a case has.
const beside = "x".repeat(200);
const postgres = process.env.BENCH_POSTGRES;
const redisPort = Number(process.env.BENCH_REDIS_PORT);

// Cut off when the server is killed: what was asked fails by itself.
const quiet = (emitter) => emitter.on("error", () => {});

async function pool(max) {
  const pg = (await import("pg")).default;
  const made = new pg.Pool({ connectionString: postgres, max });
  quiet(made);
  made.on("connect", quiet);
  return made;
}

// Local queue of 500, results written back in batches, a poll every 100 ms.
async function graphileWorker() {
  const { Logger, makeWorkerUtils, run } = await import("graphile-worker");
  const connections = await pool(30);
  const logger = new Logger(() => () => {});
  const tools = await makeWorkerUtils({ pgPool: connections, logger });
  await tools.migrate();
  let runner;
  return {
    clear: () => connections.query("truncate graphile_worker._private_jobs"),
    add: (jobs) => tools.addJobs(jobs.map((job) => ({
      identifier: "remind", payload: { ...job, beside }, runAt: new Date(job.at),
    }))),
    work: async (handler) => {
      runner = await run({
        pgPool: connections, logger, concurrency: 24, noHandleSignals: true, pollInterval: 100,
        taskList: { remind: async (job) => handler(job) },
        preset: {
          worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
        },
      });
    },
    waiting: async () =>
      Number((await connections.query("select count(*) n from graphile_worker._private_jobs"))
        .rows[0].n),
    close: async () => {
      if (runner) await runner.stop();
      await connections.end();
    },
  };
}

// Four workers with batches of 2,500, polling as often as it lets one.
async function pgBoss() {
  const PgBoss = (await import("pg-boss")).default;
  const connections = await pool(4);
  const boss = new PgBoss({ connectionString: postgres, max: 20, supervise: false, schedule: false });
  quiet(boss);
  await boss.start();
  await boss.createQueue("remind").catch(() => {});
  return {
    clear: async () => {
      await connections.query("delete from pgboss.job");
      await connections.query("vacuum pgboss.job");
    },
    add: (jobs) => boss.insert(jobs.map((job) => ({
      name: "remind", data: { ...job, beside }, startAfter: new Date(job.at).toISOString(),
    }))),
    work: async (handler) => {
      for (let worker = 0; worker < 4; ++worker) {
        await boss.work("remind", { batchSize: 2500, pollingIntervalSeconds: 0.5 },
          async (jobs) => jobs.forEach((job) => handler(job.data)));
      }
    },
    waiting: async () =>
      Number((await connections.query("select count(*) n from pgboss.job where state<>'completed'"))
        .rows[0].n),
    close: async () => {
      await boss.stop({ graceful: false, close: true });
      await connections.end();
    },
  };
}

// A concurrency of 100; finished jobs are removed. Redis appends to a file, synced every second.
async function bullMq() {
  const { Queue, Worker } = await import("bullmq");
  const IORedis = (await import("ioredis")).default;
  const connection = { host: "127.0.0.1", port: redisPort, maxRetriesPerRequest: null };
  const queue = new Queue("remind", { connection });
  const redis = new IORedis(connection);
  quiet(queue);
  quiet(redis);
  let worker;
  await queue.waitUntilReady();
  return {
    clear: () => redis.flushall(),
    add: (jobs) => queue.addBulk(jobs.map((job) => ({
      name: "remind", data: { ...job, beside },
      opts: { delay: Math.max(0, Math.round(job.at - Date.now())), removeOnComplete: true },
    }))),
    work: async (handler) => {
      worker = new Worker("remind", async (job) => handler(job.data),
        { connection, concurrency: 100 });
      quiet(worker);
    },
    waiting: async () =>
      Object.values(await queue.getJobCounts("active", "waiting", "delayed", "prioritized"))
        .reduce((sum, count) => sum + count, 0),
    close: async () => {
      if (worker) await worker.close(true);
      await queue.close();
      redis.disconnect();
    },
  };
}

export const open = (name) =>
  ({ "graphile-worker": graphileWorker, "pg-boss": pgBoss, BullMQ: bullMq })[name]();

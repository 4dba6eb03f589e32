// node jobs.mjs QUEUE latency|drain|prepare|restart COUNT      prints "NAME VALUE" lines
import { performance } from "node:perf_hooks";
import { open } from "./queues.mjs";

const [, , name, command, countText] = process.argv;
const count = Number(countText);
const day = 86_400_000;
const now = () => performance.timeOrigin + performance.now();
const print = (what, value) => console.log(`${what} ${value}`);
const farAhead = (index) => Date.now() + day + ((index * 7919) % 2_592_000) * 1000;

const queue = await open(name);

async function fill(number, at, first = 0) {
  for (let begin = 0; begin < number; begin += 1000) {
    const length = Math.min(1000, number - begin);
    await queue.add(Array.from({ length }, (_, i) => ({ id: first + begin + i, at: at(begin + i) })));
  }
}

// Rejects when not all have come within the time.
function all(number, seconds) {
  let came = 0, done, failed;
  const promise = new Promise((resolve, reject) => { done = resolve; failed = reject; });
  const timer = setTimeout(() => failed(new Error(`only ${came} of ${number} came`)), seconds * 1000);
  return {
    promise: promise.finally(() => clearTimeout(timer)),
    one: () => { if (++came === number) done(); },
  };
}

const commands = {
  // 1000 jobs within 20 seconds among all the others: from due to handled.
  async latency() {
    await queue.clear();
    await fill(count, farAhead);
    const late = [];
    const handled = all(1000, 120);
    await queue.work((job) => { late.push(now() - job.at); handled.one(); });
    const base = Date.now() + 3000;
    await fill(1000, () => base + Math.floor(Math.random() * 20_000), count);
    await handled.promise;
    late.sort((a, b) => a - b);
    print("p50_ms", late[500].toFixed(3));
    print("p99_ms", late[990].toFixed(3));
    print("max_ms", late[999].toFixed(3));
  },
  // All due at once, handled by doing nothing, and no longer there.
  async drain() {
    await queue.clear();
    await fill(count, () => Date.now() - 1000);
    const handled = all(count, 300);
    const begin = now();
    await queue.work(() => handled.one());
    await handled.promise;
    while (await queue.waiting() > 0);
    print("per_second", (count / ((now() - begin) / 1000)).toFixed(1));
  },
  async prepare() {
    await queue.clear();
    await fill(count, farAhead);
    await queue.add([{ id: count, at: Date.now() - 1000 }]);
  },
  // Ends with the first one handled: whoever started this measures the time.
  async restart() {
    const handled = all(1, 300);
    await queue.work((job) => { if (job.id === count) handled.one(); });
    await handled.promise;
    print("handled", 1);
    process.exit(0);
  },
};

await commands[command]();
await queue.close();
process.exit(0);

// node events.mjs FILE STORED BATCH SECONDS      prints "NAME VALUE" lines
// A workflow of six states in XState, instances and events in SQLite: WAL, synchronous=FULL. Within
// one process, without a socket: what it would be behind a server is less.
import Database from "better-sqlite3";
import { assign, initialTransition, setup, transition } from "xstate";

const [, , file, storedText, batchText, secondsText] = process.argv;
const stored = Number(storedText), batch = Number(batchText), seconds = Number(secondsText);

const to = (event, target) =>
  ({ on: { [event]: { target, actions: assign({ n: ({ context }) => context.n + 1 }) } } });
const machine = setup({}).createMachine({
  id: "plan", initial: "awaited", context: { n: 0 },
  states: {
    awaited: to("CLAIMED", "claimed"), claimed: to("RECEIVED", "received"),
    received: to("ACCEPTED", "accepted"), accepted: to("FORWARDED", "forwarded"),
    forwarded: to("EXEMPTED", "exempt"), exempt: to("REVERTED", "awaited"),
  },
});
const eventOf = {
  awaited: "CLAIMED", claimed: "RECEIVED", received: "ACCEPTED", accepted: "FORWARDED",
  forwarded: "EXEMPTED", exempt: "REVERTED",
};
initialTransition(machine);

const database = new Database(file);
database.pragma("journal_mode=WAL");
database.pragma("synchronous=FULL");
database.exec(`CREATE TABLE instances(id INTEGER PRIMARY KEY, state TEXT, context TEXT);
  CREATE TABLE events(id INTEGER PRIMARY KEY, instance INTEGER, at INTEGER, type TEXT, payload TEXT)`);
const insert = database.prepare("INSERT INTO instances VALUES(?, 'awaited', '{\"n\":0}')");
database.transaction(() => { for (let id = 1; id <= stored; ++id) insert.run(id); })();

const select = database.prepare("SELECT state, context FROM instances WHERE id = ?");
const update = database.prepare("UPDATE instances SET state = ?, context = ? WHERE id = ?");
const log = database.prepare("INSERT INTO events(instance, at, type, payload) VALUES(?, ?, ?, ?)");
const payload = JSON.stringify({ by: "creditor", reason: "Har ingen barnehage", who: "Ingrid Haugen" });

let done = 0;
function one() {
  const id = (done * 7919) % stored + 1;
  const row = select.get(id);
  const before = machine.resolveState({ value: row.state, context: JSON.parse(row.context) });
  const type = eventOf[row.state];
  const [after] = transition(machine, before, { type });
  update.run(after.value, JSON.stringify(after.context), id);
  log.run(id, done, type, payload);
  ++done;
}
const transact = database.transaction(() => { for (let i = 0; i < batch; ++i) one(); });
const begin = performance.now();
while (performance.now() - begin < seconds * 1000) transact.immediate();
console.log(`per_second ${(done / ((performance.now() - begin) / 1000)).toFixed(1)}`);
database.close();

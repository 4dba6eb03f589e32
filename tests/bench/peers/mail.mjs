// node mail.mjs PORT SESSIONS COUNT      prints "NAME VALUE" lines
// Messages of about 5 KB in text and HTML through nodemailer's pool.
import nodemailer from "nodemailer";

const [port, sessions, count] = process.argv.slice(2).map(Number);
const line = "Fristen for kommunens plan er mandag 25. januar 2027. ";
const text = `${line.repeat(2)}\n`.repeat(14);
const html = `<html><body>${`<p>${line}<b>Bruk malen i brevet.</b></p>\n`.repeat(36)}</body></html>`;
const transport = nodemailer.createTransport({
  pool: true, host: "127.0.0.1", port, maxConnections: sessions, maxMessages: Infinity,
  secure: false, ignoreTLS: true, logger: false,
});
let begun = 0, failed = 0;
const begin = performance.now();
await Promise.all(Array.from({ length: sessions * 2 }, async () => {
  while (begun < count) {
    const number = begun++;
    await transport.sendMail({
      from: "fristvakt@embetet.example", to: `mottaker-${number}@kommunen.example`,
      subject: `Frist ${number}`, text, html,
    }).catch(() => { ++failed; });
  }
}));
console.log(`per_second ${(count / ((performance.now() - begin) / 1000)).toFixed(1)}`);
console.log(`failed ${failed}`);
transport.close();

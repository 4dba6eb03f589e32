// check_card.mjs FILE…: each is a message with one card; says what Microsoft's own reader of Adaptive
// Cards complains of, at version 1.2, and what it did not know. Exit 1 when there is something.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../web/', import.meta.url));
const cards = require('adaptivecards/dist/adaptivecards.js');

function problemsOf(message) {
  const found = [];
  const content = message.attachments[0].content;
  const context = new cards.SerializationContext(cards.Versions.v1_2);
  const card = new cards.AdaptiveCard();
  card.parse(content, context);
  for (let i = 0; i < context.eventCount; i += 1) {
    found.push(context.getEventAt(i).message);
  }
  for (const event of card.validateProperties().validationEvents) {
    found.push(event.message);
  }
  // Whatever it did not understand is missing in what it writes.
  const written = card.toJSON();
  if (written.body.length !== content.body.length) {
    found.push(`${content.body.length} elements went in, ${written.body.length} came out`);
  }
  content.body.forEach((element, at) => {
    const runs = written.body[at]?.inlines ?? [];
    element.inlines.forEach((run, number) => {
      const other = typeof runs[number] === 'string' ? { text: runs[number] } : runs[number] ?? {};
      for (const [key, value] of Object.entries(run)) {
        if (key !== 'type' && String(other[key]).toLowerCase() !== String(value).toLowerCase()) {
          found.push(`body ${at}, run ${number}: ${key} was not understood`);
        }
      }
    });
  });
  if ((written.actions ?? []).length !== (content.actions ?? []).length) {
    found.push('an action was not understood');
  }
  return found;
}

let failed = false;
for (const file of process.argv.slice(2)) {
  const raw = fs.readFileSync(file);
  const found = problemsOf(JSON.parse(raw));
  if (raw.length > 21 * 1024) {
    found.push(`${raw.length} bytes are too many`);
  }
  failed ||= found.length > 0;
  found.forEach((problem) => console.log(`${file}: ${problem}`));
}
console.log(failed ? 'failed' : 'good');
process.exit(failed ? 1 : 0);

// What a case officer does, in a real browser: each action and its undoing, several cases at once with one
// that is skipped, two officers at one case, messages and the hold; without any script too; by keyboard
// alone. Every page on the way is looked at by axe and must not breach the policy.
//   node actions.mjs SERVE_TOWN [FOLDER for pictures]
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const modules = process.env.NODE_PATH;
const [program, pictures] = process.argv.slice(2);
if (!process.env.CHROMIUM || !existsSync(process.env.CHROMIUM) || !existsSync(join(modules, 'playwright-core'))) {
  console.log('skipped: chromium or web/node_modules is missing; script/setup installs both');
  process.exit(process.env.CI ? 1 : 77);
}
const require = createRequire(join(modules, 'x.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const server = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
const base = await new Promise((tell, refuse) => {
  createInterface({ input: server.stdout }).once('line', line => tell(`http://127.0.0.1:${line}`));
  server.once('exit', code => refuse(new Error(`the server ended with ${code}`)));
});

let failures = 0;
function fail(where, what) {
  ++failures;
  console.log(`FAILED ${where}: ${what}`);
}
function expect(where, is, what) {
  if (!is) fail(where, what);
}

async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.on('pageerror', error => fail(page.url(), `page error ${error}`));
  page.on('console', message => { if (message.type() === 'error' && !/40[0-9]|422/.test(message.text())) fail(page.url(), message.text()); });
  await page.addInitScript(() => addEventListener('securitypolicyviolation',
    event => (window.breaches ??= []).push(`${event.violatedDirective} ${event.blockedURI}`)));
  return page;
}

let pictured = 0;
async function look(page, where) {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(axe);
    const result = await page.evaluate(() => window.axe.run(document, {
      iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    for (const finding of result.violations) {
      fail(`${where} ${width}`, `${finding.id}: ${finding.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | ')}`);
    }
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect(`${where} ${width}`, wide <= room, `scrolls sideways: ${wide} in ${room}`);
    if (pictures) await page.screenshot({ path: join(pictures, `handling-${++pictured}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const breach of await page.evaluate(() => window.breaches ?? [])) fail(where, `policy: ${breach}`);
}

const text = page => page.locator('main').innerText();

/// Opens the fold of an action, fills in its fields and sends it.
async function act(page, id, title, fields = {}) {
  await page.goto(`${base}/sak/${id}`);
  const fold = page.locator('details', { has: page.locator('summary', { hasText: title }) }).first();
  await fold.locator('summary').click();
  for (const [name, value] of Object.entries(fields)) {
    const input = fold.locator(`[name="${name}"]`);
    if (await input.evaluate(node => node.tagName) === 'SELECT') await input.selectOption(value);
    else await input.fill(value);
  }
  await fold.locator('button[type="submit"]').first().click();
  await page.waitForLoadState();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
});

// Each action, and its undoing.
const page = await newPage(browser);
const tynset = 'pulje-5/plan/tynset';
const each = [
  ['Registrer mottatt', { document_number: '2021/7-3', hvem: 'Ida Berg' }, 'Mottatt'],
  ['Meldt sendt på vegne av dem', {}, 'Meldt sendt'],
  ['Gi lengre frist', { until: '2021-02-12' }, '12. februar 2021'],
  ['Gjelder ikke', { reason: 'For liten' }, 'Gjelder ikke'],
  ['Ingenting å melde', {}, 'Meldt sendt'],
  ['Sett påminnelsene på pause', { until: '2021-02-05', reason: 'Ferie' }, 'satt av Ida Berg: Ferie'],
  ['Stopp en påminnelse', { step: 'due+6wd', reason: 'Ringte' }, 'stoppet for hånd'],
  ['Trekk saken', { reason: 'Feil' }, 'Trukket'],
];
for (const [title, fields, shown] of each) {
  await act(page, tynset, title, fields);
  expect(title, new URL(page.url()).search.startsWith('?gjort='), `ends at ${page.url()}`);
  expect(title, (await text(page)).includes(shown), `does not show ${shown}`);
  if (title === 'Registrer mottatt') await look(page, 'done');
  await page.locator('.fv-flash button', { hasText: 'Angre' }).click();
  await page.waitForLoadState();
  expect(title, (await text(page)).includes('angret siste hendelse'), 'is not undone');
  expect(title, (await page.locator('.fv-facts').first().innerText()).includes('Ikke levert'), 'the state is not back');
}
await act(page, tynset, 'Skriv et notat', { text: 'Ringte.\nDe sender i morgen.' });
expect('note', (await text(page)).includes('De sender i morgen.'), 'is not in the history');
await look(page, 'case');

// A mistake is told, with a way to it, and nothing is lost.
await page.goto(`${base}/sak/${tynset}/handling/more_time_given`);
await page.fill('[name="until"]', '2021-01-01');
await page.fill('[name="reason"]', 'De ba om det');
await page.locator('form.fv-action button[type="submit"]').first().click();
await page.waitForLoadState();
expect('mistake', (await text(page)).includes('må være i dag eller senere'), 'is not told');
expect('mistake', await page.inputValue('[name="reason"]') === 'De ba om det', 'what was written is lost');
await look(page, 'mistake');
await page.locator('#feil a').click();
expect('mistake', await page.evaluate(() => document.activeElement.name) === 'until', 'the link does not lead to the field');

// Two officers: the second is told what the first did.
const first = await newPage(browser);
const second = await newPage(browser);
await second.goto(`${base}/sak/${tynset}`);
await act(first, tynset, 'Gi lengre frist', { until: '2021-02-12', hvem: 'Ola Dal' });
const fold = second.locator('details', { has: second.locator('summary', { hasText: 'Gjelder ikke' }) });
await fold.locator('summary').click();
await fold.locator('[name="reason"]').fill('For liten');
await fold.locator('button[type="submit"]').first().click();
await second.waitForLoadState();
const told = await text(second);
expect('two officers', told.includes('Noen andre kom først') && told.includes('Ola Dal') && told.includes('For liten'), told);
await look(second, 'two officers');
await second.goto(`${base}/sak/${tynset}`);
expect('two officers', (await text(second)).includes('12. februar 2021'), 'the first one is overwritten');
await first.locator('.fv-flash button', { hasText: 'Angre' }).click();
await first.waitForLoadState();

// Several at once: Lom has delivered and is skipped.
await page.goto(`${base}/oversikt`);
const box = id => page.locator(`input[name="rad"][value^="${id}:"]`);
await page.locator('.fv-all').check();
expect('all', await box('lom').isChecked() && await box('tynset').isChecked(), 'not all are ticked');
await page.locator('.fv-all').uncheck();
await box('tynset').check();
await box('lom').check();
expect('count', (await page.locator('.fv-chosen').innerText()).startsWith('2 '), await page.locator('.fv-chosen').innerText());
expect('three states', await page.locator('.fv-all').evaluate(node => node.indeterminate), 'not in between');
await look(page, 'overview');
await page.selectOption('select[name="event"]', 'sent_now');
await page.locator('.fv-bulkbar button').click();
await page.waitForLoadState();
const seen = await text(page);
expect('preview', /1 sak endres · 1 hoppes over · 2 meldinger går ut/.test(seen), seen.slice(0, 400));
expect('preview', seen.includes('Saken venter på oss'), 'does not say why Lom is skipped');
await page.locator('details').first().locator('summary').click();
await look(page, 'preview');
await page.locator('form[action="/parti/utfor"] button').click();
await page.waitForURL(/\/parti\/\d+/);
expect('batch', (await text(page)).includes('1 sak gjort · 1 hoppet over'), await text(page));
await look(page, 'batch');

// The message that waits now: stopped, let go, postponed, and back.
await page.goto(`${base}/utboks?tilstand=waiting`);
await page.locator('tbody a').first().click();
await page.waitForLoadState();
await page.locator('summary', { hasText: 'Stopp meldingen' }).click();
await page.locator('#f-stop-reason').fill('De ringte');
await page.locator('form:has(#f-stop-reason) button').click();
await page.waitForLoadState();
expect('stop', (await text(page)).includes('Meldingen er stoppet.'), 'is not told');
await look(page, 'stopped message');
await page.locator('.fv-flash button', { hasText: 'Angre' }).click();
await page.waitForLoadState();
await page.locator('summary', { hasText: 'Utsett meldingen' }).click();
await page.locator('#f-postpone-until').fill('2021-02-03');
await page.locator('form:has(#f-postpone-until) button').click();
await page.waitForLoadState();
expect('postpone', (await text(page)).includes('Meldingen er utsatt.') && (await text(page)).includes('3. februar'), await text(page));
await page.locator('.fv-flash button', { hasText: 'Angre' }).click();
await page.waitForLoadState();

// A batch that can be undone.
await page.goto(`${base}/oversikt`);
await box('tynset').check();
await page.selectOption('select[name="event"]', 'received');
await page.locator('.fv-bulkbar button').click();
await page.waitForLoadState();
await page.locator('form[action="/parti/utfor"] button').click();
await page.waitForURL(/\/parti\/\d+/);
await page.locator('button', { hasText: 'Angre alle' }).click();
await page.waitForLoadState();
expect('undo batch', (await text(page)).includes('1 sak gjort'), await text(page));

// The same in a list: what can be done is shown once something is ticked, and the way leads back.
await page.goto(`${base}/frister?grupper=uke`);
const what = page.locator('select[name="event"]');
expect('list', !(await what.isVisible()), 'the bar is there before anything is ticked');
await page.locator('.fv-all').first().check();
expect('list', await what.isVisible() && !(await page.locator('.fv-chosen').innerText()).startsWith('0'), 'nothing is ticked');
await look(page, 'list');
await page.selectOption('select[name="event"]', 'paused');
await page.locator('.fv-bulkbar button').click();
await page.waitForLoadState();
await page.locator('a', { hasText: 'Avbryt' }).click();
await page.waitForURL(/\/frister\?grupper=uke/);
await page.goto(`${base}/`);
await look(page, 'today');

// A view is saved, found again as a chip, and taken off.
await page.goto(`${base}/oversikt?avvik=1`);
await page.locator('#lagre-visning summary').click();
await page.fill('#f-navn', 'Mangler nå');
await page.locator('#lagre button').click();
await page.waitForLoadState();
const chip = page.locator('#mine-visninger a', { hasText: 'Mangler nå' });
expect('saved view', await chip.getAttribute('href') === '/oversikt?avvik=1', await text(page));
await look(page, 'saved view');
await page.locator('#mine-visninger button').click();
await page.waitForLoadState();
expect('saved view', await chip.count() === 0, 'is still there');

// A row of Utsendinger: looked at before anything goes, and left alone.
await page.goto(`${base}/utboks?tilstand=planlagt`);
await look(page, 'planned');
await page.locator('tbody button', { hasText: 'Send nå' }).first().click();
await page.waitForLoadState();
await page.locator('a', { hasText: 'Avbryt' }).click();
await page.waitForURL(/\/utboks\?tilstand=planlagt/);

// All sending on hold, seen everywhere, and released.
await page.goto(`${base}/utboks`);
await page.locator('summary', { hasText: 'Sett all utsending på vent' }).click();
await page.locator('#f-hold-reason').fill('Vi ser over adressene');
await page.locator('form:has(#f-hold-reason) button').click();
await page.waitForLoadState();
await look(page, 'hold');
await page.goto(`${base}/oversikt`);
expect('hold', (await page.locator('body').innerText()).includes('Vi ser over adressene'), 'is not shown everywhere');
await page.goto(`${base}/utboks?gjort=hold`);
await page.locator('.fv-flash button', { hasText: 'Angre' }).click();
await page.waitForLoadState();
expect('hold', !(await page.locator('body').innerText()).includes('Vi ser over adressene'), 'is not released');

// By keyboard alone: from the list to a registered plan.
const keys = await newPage(browser);
await keys.goto(`${base}/sak/${tynset}`);
async function tabTo(what) {
  for (let i = 0; i < 120; ++i) {
    await keys.keyboard.press('Tab');
    const [here, outline, tag] = await keys.evaluate(() => [document.activeElement.innerText ?? '',
      getComputedStyle(document.activeElement).outlineStyle, document.activeElement.outerHTML.slice(0, 120)]);
    if (outline === 'none' && !tag.includes('ds-skip-link')) fail('keyboard', `the focus on ${tag} is not seen`);
    if (here.trim() === what) return true;
  }
  fail('keyboard', `${what} is not reached`);
  return false;
}
if (await tabTo('Registrer mottatt')) {
  await keys.keyboard.press('Enter');
  // What opens can be reached when it has been drawn.
  await keys.getByRole('button', { name: 'Registrer mottatt' }).waitFor();
  if (await tabTo('Registrer mottatt')) await keys.keyboard.press('Enter');
  await keys.waitForURL(/gjort=received/);
  if (await tabTo('Angre')) await keys.keyboard.press('Enter');
  await keys.waitForURL(/gjort=reverted/);
}

// Without any script, in nynorsk and in the dark.
const plain = await newPage(browser, { javaScriptEnabled: false, colorScheme: 'dark' });
await plain.goto(`${base}/oversikt?lang=nn`);
await plain.locator('input[name="rad"][value^="tynset:"]').check();
await plain.selectOption('select[name="event"]', 'paused');
await plain.locator('.fv-bulkbar button').click();
await plain.locator('[name="reason"]').fill('Ferie');
await plain.locator('form[action="/parti"] button').click();
await plain.locator('form[action="/parti/utfor"] button').click();
await plain.waitForURL(/\/parti\/\d+/);
expect('without script', (await text(plain)).includes('1 sak gjord'), await text(plain));
await plain.goto(`${base}/frister?lang=nn`);
await plain.locator('a', { hasText: 'Vel alle' }).click();
const boxes = plain.locator('input[name="sak"]');
expect('without script', await boxes.count() > 5 && (await boxes.evaluateAll(all => all.every(box => box.checked))), 'not all are ticked');

// Programmes: each change is shown with what it brings, and then made.
const planner = await newPage(browser, { colorScheme: 'dark' });
await planner.goto(`${base}/?lang=nn`);
async function order(at, where, before, shown) {
  await planner.goto(`${base}${at}`);
  await before();
  await planner.locator('main form button[type="submit"]').last().click();
  await look(planner, where);
  const brings = await text(planner);
  expect(where, /Ingenting er endra enno/.test(brings) && brings.includes(shown), brings.slice(0, 600));
  await planner.locator('button', { hasText: 'Ta i bruk' }).click();
  await planner.waitForLoadState();
  expect(where, (await text(planner)).includes('Endringa er teken i bruk.'), await text(planner));
}
const cohort = '/ordninger/pulje/pulje-5';
await order(`${cohort}/frist/plan`, 'moved deadline', () => planner.fill('#f-due', '2021-02-22'), 'meldingar kjem til');
await order(`${cohort}/ny?fra=2023-01-01`, 'new cohort', async () => {}, 'meldingar kjem til');
await order('/kontakter/import', 'contacts', () => planner.fill('#f-tabell',
  'Organisasjon;Namn;E-post;Roller\nLom kommune;Åse Ny;aase@lom.kommune.example;ressursperson\n'), '1 nye');
await planner.goto(`${base}${cohort}`);
await look(planner, 'cohort');
await planner.locator('form[action$="/deltaker/avslutt"]', { has: planner.locator('[value="hamar"]') }).locator('button').click();
await look(planner, 'ended participant');
expect('ended participant', (await text(planner)).includes('opne saker blir trekte'), await text(planner));
await planner.locator('button', { hasText: 'Ta i bruk' }).click();
await planner.goto(`${base}/sak/pulje-5/plan/hamar`);
expect('ended participant', (await text(planner)).includes('Trekt'), 'the case is not withdrawn');

await browser.close();
server.stdin.end();
console.log(failures ? `${failures} failures` : 'all actions hold');
process.exit(failures ? 1 : 0);

// Each page in light and dark, wide and narrow, in both målformer: no finding of axe, no breach of the
// policy, no error, no sideways scroll. The server is a program of ours, started with each town.
//   node pages.mjs SERVE_TOWN [FOLDER for pictures]
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

async function serve(town) {
  const server = spawn(program, town ? [town] : [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise((tell, refuse) => {
    createInterface({ input: server.stdout }).once('line', tell);
    server.once('exit', code => refuse(new Error(`the server ended with ${code}`)));
  });
  return { url: `http://127.0.0.1:${line}`, stop: () => server.stdin.end() };
}

let failures = 0;
function fail(where, what) {
  ++failures;
  console.log(`FAILED ${where}: ${what}`);
}

// What a reader may have: each page in all of these.
const readers = [
  { scheme: 'light', width: 1280, lang: 'nb' }, { scheme: 'dark', width: 1280, lang: 'nn' },
  { scheme: 'light', width: 320, lang: 'nn' }, { scheme: 'dark', width: 320, lang: 'nb' },
];

// A browser window in which everything that goes wrong is a failure of the page it goes wrong on.
async function open(browser, { scheme, width }, base) {
  const context = await browser.newContext({
    colorScheme: scheme, viewport: { width, height: 900 }, reducedMotion: 'reduce', locale: 'nb-NO',
  });
  const page = await context.newPage();
  const here = { where: '' };
  page.on('pageerror', error => fail(here.where, `page error ${error}`));
  page.on('console', message => { if (message.type() === 'error' && !/404|405/.test(message.text())) fail(here.where, message.text()); });
  // A fetch that is answered by an empty 304 counts as failed here, though the page has its answer.
  page.on('requestfailed', request => { if (request.resourceType() !== 'fetch') fail(here.where, `not loaded: ${request.url()}`); });
  page.on('request', request => { if (!request.url().startsWith(base)) fail(here.where, `asks elsewhere: ${request.url()}`); });
  await page.addInitScript(() => addEventListener('securitypolicyviolation',
    event => (window.breaches ??= []).push(`${event.violatedDirective} ${event.blockedURI}`)));
  return { context, page, here };
}

async function look({ page, here }, url, { where, status, lang }) {
  here.where = where;
  const response = await page.goto(url);
  if (response.status() !== status) fail(where, `status ${response.status()}`);
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, {
    iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  for (const finding of result.violations) {
    fail(where, `${finding.id}: ${finding.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | ')}`);
  }
  for (const breach of await page.evaluate(() => window.breaches ?? [])) fail(where, `policy: ${breach}`);
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (wide > room) fail(where, `scrolls sideways: ${wide} in ${room}`);
  const said = await page.evaluate(() => document.documentElement.lang);
  if (said !== lang) fail(where, `lang is ${said}`);
  if (pictures) await page.screenshot({ path: join(pictures, `${where.replace(/[^a-z0-9]+/g, '-')}.png`), fullPage: true });
}

async function everyPage(browser, town, paths, as = readers) {
  const server = await serve(town);
  for (const reader of as) {
    const window = await open(browser, reader, server.url);
    for (const { path, status = 200 } of paths) {
      const mark = path.includes('?') ? '&' : '?';
      await look(window, `${server.url}${path}${mark}lang=${reader.lang}`, {
        where: `${town || 'town'} ${path} ${reader.scheme} ${reader.width} ${reader.lang}`, status, lang: reader.lang });
    }
    await window.context.close();
  }
  server.stop();
}

// An open page follows what happens, and moves nothing that the reader holds on to. Then it says that
// nobody answers any more.
async function current(browser) {
  const server = await serve('');
  const { context, page, here } = await open(browser, readers[0], server.url);
  here.where = 'current';
  await page.goto(`${server.url}/oversikt`);
  const row = page.locator('#r-pulje-5-sel');
  const before = await row.innerText();
  await page.selectOption('#f-status', 'overdue');
  await page.fill('#sok', 'halvt skr');
  await page.evaluate(() => { scrollTo(0, 240); window.kept = document.querySelector('#r-pulje-5-tynset'); });
  const scroll = await page.evaluate(() => scrollY);
  const answer = await fetch(`${server.url}/api/v1/cases/pulje-5/plan/sel/events`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ event: 'received', by: 'creditor' }) });
  if (!answer.ok) fail('current', `the event was refused: ${answer.status} ${await answer.text()}`);
  await page.evaluate(() => document.dispatchEvent(new Event('fristvakt:look')));
  await page.waitForFunction(was => document.querySelector('#r-pulje-5-sel').innerText !== was, before, { timeout: 60000 });
  if (!/Mottatt/.test(await row.innerText())) fail('current', `the row says ${await row.innerText()}`);
  const kept = await page.evaluate(() => ({
    focus: document.activeElement.id, typed: document.getElementById('sok').value, chosen: document.getElementById('f-status').value,
    scroll: scrollY, same: window.kept === document.querySelector('#r-pulje-5-tynset') }));
  const wanted = { focus: 'sok', typed: 'halvt skr', chosen: 'overdue', scroll, same: true };
  if (JSON.stringify(kept) !== JSON.stringify(wanted)) fail('current', `kept ${JSON.stringify(kept)}, not ${JSON.stringify(wanted)}`);
  page.removeAllListeners('requestfailed');
  page.removeAllListeners('console');
  server.stop();
  for (let i = 0; i < 50 && !(await page.locator('#forbindelse').innerText()).includes('Mistet'); ++i) {
    await page.evaluate(() => document.dispatchEvent(new Event('fristvakt:look')));
    await page.waitForTimeout(200);
  }
  if (!(await page.locator('#forbindelse').innerText()).includes('Mistet forbindelsen')) fail('current', 'does not say that nobody answers');
  await context.close();
}

// Everything that can be done with a mouse can be done with Tab and Enter, and the focus is seen.
async function keyboard(browser) {
  const server = await serve('');
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement.getAttribute('href'));
  if (first !== '#innhold') fail('keyboard', `the first stop is ${first}`);
  await page.keyboard.press('Enter');
  if (await page.evaluate(() => document.activeElement.id) !== 'innhold') fail('keyboard', 'the skip link does not move the focus');
  const reached = new Set();
  for (let i = 0; i < 60 && ![...reached].some(href => href.startsWith('/sak/')); ++i) {
    await page.keyboard.press('Tab');
    const [href, outline] = await page.evaluate(() => [document.activeElement.getAttribute('href') ?? document.activeElement.id,
      getComputedStyle(document.activeElement).outlineStyle]);
    reached.add(href);
    if (outline === 'none') fail('keyboard', `the focus on ${href} is not seen`);
  }
  if (![...reached].some(href => href.startsWith('/sak/'))) fail('keyboard', `no case is reached, only ${[...reached]}`);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/sak\//);
  await page.close();
  // The choice of målform is kept.
  const other = await browser.newContext();
  const kept = await other.newPage();
  await kept.goto(`${server.url}/?lang=nn`);
  await kept.goto(`${server.url}/frister`);
  if (await kept.evaluate(() => document.documentElement.lang) !== 'nn') fail('language', 'not remembered');
  await other.close();
  server.stop();
}

// The largest that anybody asks for: all kommuner of the country, twelve plans each. Whole, usable and
// narrowed down like the smallest.
async function country(browser) {
  const server = await serve('country');
  const window = await open(browser, readers[0], server.url);
  const { page, here } = window;
  const rows = () => page.locator('table.fv-matrix tbody tr').count();
  await look(window, `${server.url}/oversikt?pulje=landet&lang=nb`, { where: 'country overview', status: 200, lang: 'nb' });
  const all = await rows();
  if (all !== 357) fail(here.where, `shows ${all} kommuner`);
  const columns = await page.locator('table.fv-matrix thead th[scope=col]').count();
  if (columns < 13) fail(here.where, `shows ${columns} columns`);
  await page.goto(`${server.url}/oversikt?pulje=landet&status=claimed`);
  const claimed = await rows();
  if (claimed === 0 || claimed === 357) fail(here.where, `${claimed} kommuner are said to claim`);
  for (const path of ['/', '/frister?pulje=landet', '/punktlighet', '/organisasjon/k-1042']) {
    await look(window, `${server.url}${path}${path.includes('?') ? '&' : '?'}lang=nb`, { where: `country ${path}`, status: 200, lang: 'nb' });
  }
  await window.context.close();
  server.stop();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
});
await everyPage(browser, '', [
  { path: '/' }, { path: '/oversikt' }, { path: '/oversikt?avvik=1' }, { path: '/oversikt?status=claimed' },
  { path: '/oversikt?visning=liste' }, { path: '/oversikt?visning=tidslinje' },
  { path: '/oversikt?visning=tidslinje&krav=plan&maal=nn' }, { path: '/oversikt?pulje=finst-ikkje' },
  { path: '/frister' }, { path: '/frister?grupper=krav' }, { path: '/frister?status=received' }, { path: '/frister?uten-frist=1' },
  { path: '/organisasjon/skjak' }, { path: '/organisasjon/solbakken-friskole' }, { path: '/krav/pulje-5/plan?varsel=overdue&til=vaga' },
  { path: '/punktlighet' }, { path: '/hendelser' }, { path: '/hendelser?slag=drift' }, { path: '/drift' },
  { path: '/ordninger' }, { path: '/ordninger/pulje/pulje-5' }, { path: '/ordninger/pulje/pulje-5/ny' },
  { path: '/ordninger/pulje/pulje-5/frist/plan' }, { path: '/ordninger/konflikter' },
  { path: '/kontakter' }, { path: '/kontakter/person' }, { path: '/kontakter/import' },
  { path: '/sok?q=lom' }, { path: '/sok?q=ingenting' }, { path: '/tilgjengelighet' },
  { path: '/sak/pulje-5/plan/gjovik' }, { path: '/sak/pulje-5/plan/sel' }, { path: '/sak/pulje-5/plan/vaga' },
  { path: '/sak/pulje-5/plan/hamar' }, { path: '/utboks' }, { path: '/utboks?tilstand=held' },
  { path: '/utboks?tilstand=planlagt' }, { path: '/utboks?tilstand=failed' }, { path: '/utboks/1' },
  { path: '/sak/finst/ikkje', status: 404 }, { path: '/utboks/999999', status: 404 },
]);
await everyPage(browser, 'empty', [
  { path: '/' }, { path: '/oversikt' }, { path: '/frister' }, { path: '/punktlighet' }, { path: '/utboks' },
  { path: '/utboks?tilstand=planlagt' }, { path: '/hendelser' }, { path: '/krav/pulje-5/plan' },
]);
await everyPage(browser, 'meetings', [
  { path: '/moter' }, { path: '/ordninger/pulje/pulje-5' }, { path: '/sak/pulje-5/nettverk/2021-var' },
  { path: '/ordninger/pulje/pulje-5/mote/nettverk' },
  { path: '/ordninger/pulje/pulje-5/mote/nettverk?dato=2021-03-23T09:00' },
  { path: '/ordninger/pulje/pulje-5/plan' }, { path: '/ordninger/pulje/pulje-5/plan/ny' },
  { path: '/ordninger/pulje/pulje-5/plan/rad/kurs-i-laeringsmiljo' }, { path: '/krav/pulje-5/evaluering' },
  { path: '/krav/pulje-5/nettverk%2F2021-var%2Fnotat' }, { path: '/krav/pulje-5/nettverk' },
]);
await everyPage(browser, 'hold', [{ path: '/' }, { path: '/drift' }]);
await country(browser);
await current(browser);
await keyboard(browser);
await browser.close();
console.log(failures ? `${failures} failures` : 'all pages hold');
process.exit(failures ? 1 : 0);

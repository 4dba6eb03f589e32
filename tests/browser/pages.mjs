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

async function look(browser, where, url, options) {
  const context = await browser.newContext({
    colorScheme: options.scheme, viewport: { width: options.width, height: 900 },
    reducedMotion: 'reduce', locale: 'nb-NO',
  });
  const page = await context.newPage();
  page.on('pageerror', error => fail(where, `page error ${error}`));
  page.on('console', message => { if (message.type() === 'error' && !/404|405/.test(message.text())) fail(where, message.text()); });
  page.on('requestfailed', request => fail(where, `not loaded: ${request.url()}`));
  page.on('request', request => { if (!request.url().startsWith(options.base)) fail(where, `asks elsewhere: ${request.url()}`); });
  await page.addInitScript(() => addEventListener('securitypolicyviolation',
    event => (window.breaches ??= []).push(`${event.violatedDirective} ${event.blockedURI}`)));
  const response = await page.goto(url);
  if (response.status() !== options.status) fail(where, `status ${response.status()}`);
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, {
    iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  for (const finding of result.violations) {
    fail(where, `${finding.id}: ${finding.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | ')}`);
  }
  for (const breach of await page.evaluate(() => window.breaches ?? [])) fail(where, `policy: ${breach}`);
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (wide > room) fail(where, `scrolls sideways: ${wide} in ${room}`);
  const lang = await page.evaluate(() => document.documentElement.lang);
  if (lang !== options.lang) fail(where, `lang is ${lang}`);
  if (pictures) await page.screenshot({ path: join(pictures, `${where.replace(/[^a-z0-9]+/g, '-')}.png`), fullPage: true });
  await context.close();
}

async function everyPage(browser, town, paths) {
  const server = await serve(town);
  for (const { path, status = 200 } of paths) {
    for (const scheme of ['light', 'dark']) {
      for (const width of [1280, 320]) {
        for (const lang of ['nb', 'nn']) {
          const mark = path.includes('?') ? '&' : '?';
          await look(browser, `${town || 'town'} ${path} ${scheme} ${width} ${lang}`,
            `${server.url}${path}${mark}lang=${lang}`, { scheme, width, lang, status, base: server.url });
        }
      }
    }
  }
  server.stop();
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
  await kept.goto(`${server.url}/utboks`);
  if (await kept.evaluate(() => document.documentElement.lang) !== 'nn') fail('language', 'not remembered');
  await other.close();
  server.stop();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
});
await everyPage(browser, '', [
  { path: '/' }, { path: '/?avvik=1' }, { path: '/?status=claimed' }, { path: '/?pulje=finst-ikkje' },
  { path: '/sak/pulje-5/plan/gjovik' }, { path: '/sak/pulje-5/plan/sel' }, { path: '/sak/pulje-5/plan/vaga' },
  { path: '/sak/pulje-5/plan/hamar' }, { path: '/utboks' }, { path: '/utboks?tilstand=held' }, { path: '/utboks/1' },
  { path: '/sak/finst/ikkje', status: 404 }, { path: '/utboks/999999', status: 404 },
]);
await everyPage(browser, 'empty', [{ path: '/' }, { path: '/utboks' }]);
await everyPage(browser, 'hold', [{ path: '/' }]);
await keyboard(browser);
await browser.close();
console.log(failures ? `${failures} failures` : 'all pages hold');
process.exit(failures ? 1 : 0);

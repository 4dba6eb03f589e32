// Signing in and out in a real browser: every page of it in both målformer, light and dark, wide and
// narrow, without a finding of axe, a breach of the policy, an error or sideways scroll; by a link and its
// button; a key that is shown once and stays; and a page that says so when its session has ended.
//   node sign_in.mjs {"base": …, "link": PATH}
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const { base, link } = JSON.parse(process.argv[2]);

let failures = 0;
function expect(where, is, what) {
  if (is) return;
  ++failures;
  console.log(`FAILED ${where}: ${what}`);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
});

async function newPage() {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('pageerror', error => expect(page.url(), false, `page error ${error}`));
  page.on('console', message => expect(page.url(), message.type() !== 'error' || /40[0-9]|422/.test(message.text()), message.text()));
  await page.addInitScript(() => addEventListener('securitypolicyviolation',
    event => (window.breaches ??= []).push(`${event.violatedDirective} ${event.blockedURI}`)));
  return page;
}

async function examine(page, where) {
  for (const [colorScheme, width] of [['light', 1280], ['dark', 320]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(axe);
    const result = await page.evaluate(() => window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    for (const finding of result.violations) {
      expect(`${where} ${width}`, false, `${finding.id}: ${finding.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | ')}`);
    }
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect(`${where} ${width}`, wide <= room, `scrolls sideways: ${wide} in ${room}`);
  }
  for (const breach of await page.evaluate(() => window.breaches ?? [])) expect(where, false, `policy: ${breach}`);
}

async function look(page, path, words) {
  for (const lang of ['nb', 'nn']) {
    await page.goto(`${base}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
    expect(path, await page.evaluate(() => document.documentElement.lang) === lang, `is not in ${lang}`);
    expect(path, (await page.textContent('h1')) === words[lang], `says ${await page.textContent('h1')}`);
    await examine(page, `${path} ${lang}`);
  }
}

// Who comes as a stranger finds the way in, and nothing else.
const page = await newPage();
await page.goto(`${base}/utboks`);
expect('stranger', page.url() === `${base}/logg-inn?til=%2Futboks`, `is at ${page.url()}`);
expect('stranger', await page.locator('nav, [role="search"], .fv-bar').count() === 0, 'sees menu, search or bars');
await look(page, '/logg-inn', { nb: 'Logg inn', nn: 'Logg inn' });
await look(page, '/logg-inn/lenke/wrong', { nb: 'Lenken virker ikke', nn: 'Lenkja verkar ikkje' });
await look(page, link, { nb: 'Logg inn', nn: 'Logg inn' });
await page.getByRole('main').getByRole('button').press('Enter');
await page.waitForURL(`${base}/`);
await look(page, '/okter', { nb: 'Dine økter', nn: 'Øktene dine' });
await look(page, '/nokler', { nb: 'API-nøkler', nn: 'API-nyklar' });
await page.fill('#navn', 'Arkivet');
await page.getByRole('button', { name: 'Lag nykel' }).press('Enter');
const secret = await page.locator('main code').innerText();
expect('key', /^fv_[\w-]{43}$/.test(secret), `shows ${secret}`);
await examine(page, 'new key');
// The page of a form is not looked at anew: what is shown once would be gone.
await page.evaluate(() => document.dispatchEvent(new Event('fristvakt:look')));
expect('key', await page.locator('meta[name="fristvakt-state"]').count() === 0, 'would be looked at anew');

// A page that looks for news says that nobody clicked, and that the session has ended when it has.
await page.goto(`${base}/?lang=nn`);
const asked = page.waitForRequest(request => request.resourceType() === 'fetch');
await page.evaluate(() => document.dispatchEvent(new Event('fristvakt:look')));
expect('look', (await (await asked).allHeaders())['fristvakt-refresh'] === '1', 'looks like a click');
const tab = await page.context().newPage();
await tab.goto(`${base}/okter`);
await tab.getByRole('button', { name: 'Logg ut', exact: true }).click();
await tab.waitForURL(`${base}/logg-inn`);
await page.bringToFront();
await page.evaluate(() => document.dispatchEvent(new Event('fristvakt:look')));
await page.waitForFunction(() => document.getElementById('forbindelse').innerText.startsWith('Du er logga ut.'), null, { timeout: 30000 });
await examine(page, 'ended');

await browser.close();
console.log(failures ? `${failures} failures` : 'signing in holds');
process.exit(failures ? 1 : 0);

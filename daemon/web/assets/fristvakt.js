// Keeps an open page current without moving anything the reader holds on to: focus, scroll, what is
// typed or chosen. Asks every 15 seconds, with what it has; most answers are an empty 304. Says when
// there is no answer, or when the session has ended. Without this script the pages are the same, as
// they were when they were opened.
(() => {
  'use strict';
  const every = 15000;
  const meta = document.querySelector('meta[name="fristvakt-state"]');
  const notice = document.getElementById('forbindelse');
  if (!meta || !notice) return;
  let state = meta.content;
  let lost = false;
  let ended = false;

  // Where no option is marked, the first one is chosen.
  const firstChosen = select => Math.max(0, [...select.options].findIndex(option => option.defaultSelected));
  const changed = control =>
    control.type === 'checkbox' || control.type === 'radio' ? control.checked !== control.defaultChecked
      : control.tagName === 'SELECT' ? control.selectedIndex !== firstChosen(control)
        : control.value !== control.defaultValue;
  // A form that somebody is filling in is theirs until they are done.
  const isHeld = form => form.contains(document.activeElement) ||
    [...form.elements].some(control => control.type !== 'hidden' && control.name && changed(control));

  const alike = (a, b) => a && a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || '') === (b.id || '');
  function become(now, next) {
    if (now.nodeType !== Node.ELEMENT_NODE) {
      if (now.nodeValue !== next.nodeValue) now.nodeValue = next.nodeValue;
      return;
    }
    if (now.isEqualNode(next) || (now.tagName === 'FORM' && isHeld(now)) || now.tagName === 'IFRAME') return;
    for (const { name } of [...now.attributes]) {
      if (!next.hasAttribute(name) && !(name === 'open' && now.tagName === 'DETAILS')) now.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
      if (now.getAttribute(name) !== value) now.setAttribute(name, value);
    }
    becomeChildren(now, next);
  }
  function becomeChildren(now, next) {
    const byId = new Map([...now.children].filter(child => child.id).map(child => [child.id, child]));
    let at = now.firstChild;
    for (const wanted of [...next.childNodes]) {
      const known = wanted.id ? byId.get(wanted.id) : undefined;
      if (known && known !== at && known.parentNode === now) now.insertBefore(known, at);
      const here = known || at;
      if (alike(here, wanted) && here.parentNode === now) {
        at = here.nextSibling;
        become(here, wanted);
      } else {
        now.insertBefore(document.importNode(wanted, true), at);
      }
    }
    while (at) {
      const rest = at.nextSibling;
      // What has the focus stays, though it is gone for the server: it goes with the next look.
      if (!at.contains(document.activeElement)) at.remove();
      at = rest;
    }
  }

  function say(color, words) {
    notice.className = 'ds-alert fv-bar';
    notice.dataset.color = color;
    notice.textContent = words;
  }
  function tell(isLost) {
    if (isLost === lost) return;
    lost = isLost;
    say(isLost ? 'danger' : 'success', isLost ? notice.dataset.lost : notice.dataset.back);
  }

  async function look() {
    if (document.hidden || ended) return;
    try {
      const answer = await fetch(location.href, {
        // Nobody's click: it does not keep a session open.
        headers: { 'If-None-Match': state, Accept: 'text/html', 'Fristvakt-Refresh': '1' },
        cache: 'no-store', credentials: 'same-origin',
        signal: AbortSignal.timeout(10000),
      });
      if (answer.status >= 500) throw new Error(answer.status);
      tell(false);
      if (answer.redirected && new URL(answer.url).pathname === '/logg-inn') {
        ended = true;
        say('warning', notice.dataset.ended);
        return;
      }
      if (answer.status !== 200 || answer.redirected) return;
      const text = await answer.text();
      const page = new DOMParser().parseFromString(text, 'text/html');
      const next = page.querySelector('meta[name="fristvakt-state"]');
      if (!next) return;
      for (const part of ['driftsmeldinger', 'innhold', 'oppdatert']) {
        const now = document.getElementById(part);
        const wanted = page.getElementById(part);
        if (now && wanted) become(now, wanted);
        else if (now && part === 'driftsmeldinger') now.remove();
        else if (wanted && part === 'driftsmeldinger') notice.before(document.importNode(wanted, true));
      }
      state = next.content;
      document.dispatchEvent(new Event('fristvakt:redrawn'));
    } catch {
      tell(true);
    }
  }

  // Pages opened at once do not ask at once.
  setTimeout(() => setInterval(look, every), Math.random() * every);
  document.addEventListener('visibilitychange', look);
  document.addEventListener('fristvakt:look', look);
})();

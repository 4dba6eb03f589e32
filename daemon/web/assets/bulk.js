// Counts what is ticked, ticks all of a list, and shows what can be done once something is: the page
// does without. Listens at the document, since lists are redrawn while they stand open.
(() => {
  'use strict';
  const rowsOf = part => [...part.querySelectorAll('.fv-row')];
  function show(form) {
    const ticked = rowsOf(form).filter(row => row.checked).length;
    for (const all of form.querySelectorAll('.fv-all')) {
      const rows = rowsOf(all.closest('table'));
      const count = rows.filter(row => row.checked).length;
      all.hidden = false;
      all.checked = count > 0 && count === rows.length;
      all.indeterminate = count > 0 && count < rows.length;
    }
    const count = form.querySelector('.fv-chosen');
    const words = `${ticked} ${ticked === 1 ? count.dataset.one : count.dataset.many}`;
    if (count.textContent !== words) count.textContent = words;
    for (const part of form.querySelectorAll('.fv-bulkbar > .ds-field, .fv-bulkbar > button')) part.hidden = ticked === 0;
    form.querySelector('.fv-all-link').hidden = true;
  }
  const showAll = () => document.querySelectorAll('.fv-bulk').forEach(show);
  document.addEventListener('change', event => {
    const form = event.target.closest('.fv-bulk');
    if (!form) return;
    if (event.target.matches('.fv-all')) {
      for (const row of rowsOf(event.target.closest('table'))) row.checked = event.target.checked;
    }
    show(form);
  });
  document.addEventListener('fristvakt:redrawn', showAll);
  addEventListener('pageshow', showAll);
  showAll();
})();

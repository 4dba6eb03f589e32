// Counts what is ticked, and ticks all: the page does without.
for (const form of document.querySelectorAll('.fv-bulk')) {
  const all = form.querySelector('.fv-all');
  const rows = [...form.querySelectorAll('.fv-row')];
  const count = form.querySelector('.fv-chosen');
  const show = () => {
    const ticked = rows.filter(row => row.checked).length;
    all.checked = ticked > 0 && ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
    count.textContent = `${ticked} ${ticked === 1 ? count.dataset.one : count.dataset.many}`;
  };
  all.hidden = false;
  all.addEventListener('change', () => {
    for (const row of rows) row.checked = all.checked;
    show();
  });
  form.addEventListener('change', show);
  addEventListener('pageshow', show);
  show();
}
